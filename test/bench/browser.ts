/** What a learner waits for, in Chromium: the frame, the run, the verdict; how fast what never ends is ended, and what fills the memory. */
import { readFileSync } from 'node:fs';
import { chromium, type Browser } from '@playwright/test';
import { bombs } from '../e2e/containment/attacks/hang.ts';
import { controls } from '../e2e/containment/suite.ts';
import { openSite } from '../e2e/containment/site.ts';
import { findBrowser } from '../e2e/browser.ts';
import type { Harness } from './browser/harness.ts';

declare const harness: Harness;

const HANGS = {
  'a busy loop': 'for (;;) {}',
  'a catastrophic expression': `/^(a+)+$/.test('a'.repeat(40) + 'b');`,
  'a huge fill': 'Array.prototype.fill.call({ length: 2 ** 53 - 1 }, 0);',
};

/** Watches the largest renderer of the browser: the learner's frame has a process of its own. The answer: its peak, in MB. */
async function peakOf(browser: Browser): Promise<() => Promise<number>> {
  const session = await browser.newBrowserCDPSession();
  let peakKb = 0;
  const look = async (): Promise<void> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    for (const { id, type } of processInfo) if (type === 'renderer') peakKb = Math.max(peakKb, residentKb(id));
  };
  const watch = setInterval(() => void look(), 50);
  return async () => {
    clearInterval(watch);
    await session.detach();
    return Math.round(peakKb / 1024);
  };
}

/** The most a process has had so far, as Linux says; 0 where nobody says. */
function residentKb(id: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

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
    const part = (name: 'run' | 'verdict' | 'replay' | 'judge'): string => ms(verdicts.map((one) => one[name]));
    console.log(`verdict  ${part('verdict')} from Submit, for ${verdicts[0]!.requests} requests in 7 worlds`);
    console.log(`         of these the frame runs ${part('run')}, and each world is judged while it runs the next`);
    console.log(`alone    the judge takes ${part('judge')} for all, the replay in it ${part('replay')}`);
    for (const [name, body] of Object.entries(HANGS)) {
      const kills: Awaited<ReturnType<Harness['kill']>>[] = [];
      for (const _ of seeds) kills.push(await page.evaluate((one) => harness.kill(one), body));
      const longest = Math.max(...kills.map(({ longestTask }) => longestTask));
      console.log(
        `${name}: ${kills[0]!.ended}, ended after ${ms(kills.map((one) => one.ms))}; longest task of the page ${longest.toFixed(0)} ms`,
      );
    }
    for (const { name, source } of bombs) {
      const peak = await peakOf(browser);
      const {
        told,
        ms: tookMs,
        next,
      } = await page.evaluate(([bomb, good]) => harness.bomb(bomb!, good!), [source, controls.good]);
      console.log(
        `${name}: "${told}" after ${tookMs.toFixed(0)} ms, at most ${await peak()} MB; the next run: ${next}`,
      );
    }
  } finally {
    await browser.close();
    await site.close();
  }
}
