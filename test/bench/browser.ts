/** What a learner waits for, in Chromium: the frame, the run, the verdict; and how fast what never ends is ended. */
import { chromium } from '@playwright/test';
import { openSite } from '../e2e/containment/site.ts';
import { findBrowser } from '../e2e/browser.ts';
import type { Harness } from './browser/harness.ts';

declare const harness: Harness;

const HANGS = {
  'a busy loop': 'for (;;) {}',
  'a catastrophic expression': `/^(a+)+$/.test('a'.repeat(40) + 'b');`,
  'a huge fill': 'Array.prototype.fill.call({ length: 2 ** 53 - 1 }, 0);',
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const ms = (values: readonly number[]): string => `${median(values).toFixed(0)} ms`;

export async function benchBrowser([rounds = '5']: readonly string[]): Promise<void> {
  const executablePath = findBrowser();
  const site = await openSite(new URL('./browser/harness.ts', import.meta.url).pathname);
  const browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath && { executablePath }) });
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    const seeds = Array.from({ length: Number(rounds) }, (_, at) => at + 1);
    const frames: Awaited<ReturnType<Harness['frame']>>[] = [];
    const verdicts: Awaited<ReturnType<Harness['verdict']>>[] = [];
    for (const seed of seeds) {
      frames.push(await page.evaluate(() => harness.frame()));
      verdicts.push(await page.evaluate((one) => harness.verdict(one), seed));
    }
    console.log(
      `frame    ${ms(frames.map(({ cold }) => cold))} to a first result, ${ms(frames.map(({ warm }) => warm))} from a spare one`,
    );
    const [run, replay] = [verdicts.map((one) => one.run), verdicts.map((one) => one.replay)];
    console.log(`run      ${ms(run)} for ${verdicts[0]!.requests} requests in 7 worlds`);
    console.log(`replay   ${ms(replay)}, ${(median(run) / median(replay)).toFixed(1)} times as fast as the run`);
    console.log(
      `verdict  ${ms(verdicts.map(({ verdict }) => verdict))} with checks; ${ms(verdicts.map((one) => one.run + one.verdict))} run and verdict`,
    );
    for (const [name, body] of Object.entries(HANGS)) {
      const kills: Awaited<ReturnType<Harness['kill']>>[] = [];
      for (const _ of seeds) kills.push(await page.evaluate((one) => harness.kill(one), body));
      const longest = Math.max(...kills.map(({ longestTask }) => longestTask));
      console.log(
        `${name}: ${kills[0]!.ended}, ended after ${ms(kills.map((one) => one.ms))}; longest task of the page ${longest.toFixed(0)} ms`,
      );
    }
  } finally {
    await browser.close();
    await site.close();
  }
}
