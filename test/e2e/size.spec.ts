/**
 * How much JavaScript a page transfers before anybody touches it, workers included: each script as its host would send it
 * (gzip). A budget is the figure of the day it was set plus a tenth; raise one only with the reason in the commit.
 */
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

const budgetsKb: Record<string, number> = {
  '/': 44,
  // 90 of them are the terminal emulator.
  '/lab/': 180,
  '/lessons/04-round-robin-and-weights/': 44,
  // The editor and the Judge. The page is drawn and can be read before either is asked for.
  '/katas/round-robin/': 310,
};
/** TypeScript for the editor of a kata, fetched last, has a budget of its own: it is more than all the rest together. */
const typescriptKb = 1160;

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

    const sizes = await Promise.all([...scripts].map(async ([url, size]) => ({ url, kb: (await size) / 1000 })));
    const totalKb = (part: typeof sizes) => part.reduce((sum, { kb }) => sum + kb, 0);
    const typescript = totalKb(sizes.filter(({ url }) => url.includes('language-worker')));
    const rest = totalKb(sizes) - typescript;
    console.log(
      `${path} ${rest.toFixed(1)} kB in ${sizes.length} scripts (budget ${budgetKb} kB), TypeScript ${typescript.toFixed(1)} kB`,
    );
    expect(sizes.length, 'scripts seen').toBeGreaterThan(0);
    expect(rest).toBeLessThanOrEqual(budgetKb);
    expect(typescript).toBeLessThanOrEqual(typescriptKb);
  });
}
