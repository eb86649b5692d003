/**
 * How much JavaScript a page transfers before anybody touches it, workers included: each script as its host would send it
 * (gzip). A budget is the figure of the day it was set plus a tenth; raise one only with the reason in the commit.
 */
import { gzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { settled } from './settled.ts';

const budgetsKb: Record<string, number> = {
  '/': 50,
  // 90 of them are the terminal emulator.
  '/lab/': 184,
  '/lessons/04-round-robin-and-weights/': 48,
  // 160 of them are the editor; most of the rest is the engine, in each worker that runs, judges or replays.
  '/katas/round-robin/': 582,
};

/** The TypeScript compiler comes in a worker, after all that a kata page shows and runs; it has a budget of its own. */
const compiler = /\/language-worker-/;
const compilerBudgetKb = 1160;

for (const [path, budgetKb] of Object.entries(budgetsKb)) {
  test(`${path} transfers at most ${budgetKb} kB of JavaScript before interaction`, async ({ page }) => {
    const sizes = new Map<string, Promise<number>>();
    page.on('response', (response) => {
      if (!(response.headers()['content-type'] ?? '').includes('javascript')) return;
      const size = response.body().then((body) => gzipSync(body).length / 1000);
      // What comes after the count has nobody to wait for it: the page may close under it.
      sizes.set(response.url(), size);
      size.catch(() => undefined);
    });
    await page.goto(path);
    await settled(page);
    const isKata = path.startsWith('/katas/');
    // The compiler is the last that a kata page asks for.
    if (isKata) await expect.poll(() => [...sizes.keys()].some((url) => compiler.test(url))).toBe(true);
    await untilResting(page, () => sizes.size);

    const totalKb = async (counts: (url: string) => boolean) => {
      const counted = [...sizes].filter(([url]) => counts(url)).map(([, size]) => size);
      return (await Promise.all(counted)).reduce((sum, size) => sum + size, 0);
    };
    const pageKb = await totalKb((url) => !compiler.test(url));
    const compilerKb = await totalKb((url) => compiler.test(url));
    console.log(`${path} ${pageKb.toFixed(1)} kB of ${budgetKb}, compiler ${compilerKb.toFixed(1)} kB`);
    expect(pageKb).toBeGreaterThan(0);
    expect(pageKb).toBeLessThanOrEqual(budgetKb);
    expect(compilerKb).toBeLessThanOrEqual(isKata ? compilerBudgetKb : 0);
  });
}

/** Waits until a count has been the same for two seconds. */
async function untilResting(page: Page, count: () => number): Promise<void> {
  let before: number;
  do {
    before = count();
    await page.waitForTimeout(2000);
  } while (count() !== before);
}
