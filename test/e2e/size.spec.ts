/**
 * How much JavaScript a page transfers before anybody touches it, workers included: each script as its host would send it
 * (gzip). A budget is the figure of the day it was set plus a tenth; raise one only with the reason in the commit.
 */
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

const budgetsKb: Record<string, number> = {
  '/': 44,
  '/lessons/04-round-robin-and-weights/': 44,
};

// The service worker would fetch every other page's scripts too, in the background.
test.use({ serviceWorkers: 'block' });

for (const [path, budgetKb] of Object.entries(budgetsKb)) {
  test(`${path} transfers at most ${budgetKb} kB of JavaScript before interaction`, async ({ page }) => {
    const scripts = new Map<string, Promise<number>>();
    page.on('response', (response) => {
      if (!(response.headers()['content-type'] ?? '').includes('javascript')) return;
      scripts.set(
        response.url(),
        response.body().then((body) => gzipSync(body).length),
      );
    });
    await page.goto(path, { waitUntil: 'networkidle' });

    const sizes = await Promise.all(scripts.values());
    const totalKb = sizes.reduce((sum, size) => sum + size, 0) / 1000;
    console.log(`${path} ${totalKb.toFixed(1)} kB in ${sizes.length} scripts (budget ${budgetKb} kB)`);
    expect(sizes.length, 'scripts seen').toBeGreaterThan(0);
    expect(totalKb).toBeLessThanOrEqual(budgetKb);
  });
}
