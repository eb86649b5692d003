import { expect, test } from '@playwright/test';
import { preview } from 'astro';

test.use({ serviceWorkers: 'allow' });

test('after one visit the course opens without a network, also pages not yet seen', async ({ page }) => {
  const server = await preview({ root: new URL('../..', import.meta.url).pathname, server: { port: 4392 } });
  const home = `http://localhost:${server.port}/`;
  try {
    await page.goto(home);
    await page.evaluate(() => navigator.serviceWorker.ready);
  } finally {
    await server.stop();
  }

  await page.goto(`${home}lessons/04-round-robin-and-weights/`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Round robin/);
  await page.goto(home);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});
