/**
 * The attack suite. Each attack is a submission that tries something, in the site's own bridge, frame and workers; what TypeScript refuses is run
 * once more as if it had not looked. An attack succeeds if it says so, if a request reaches the test's server, if anything it could want on the
 * page has changed, if it passes, or if the engine takes the blame for it.
 */
import { expect, test, type Browser } from '@playwright/test';
import type { Attack } from './attacks/attack.ts';
import { guards } from './attacks/guards.ts';
import { bombs, hangs } from './attacks/hang.ts';
import { reach } from './attacks/reach.ts';
import { verdict } from './attacks/verdict.ts';
import { findFirefox, openInFirefox, type Page } from './firefox.ts';
import { openSite, type Site } from './site.ts';
import { controls, run, successes, tryAll } from './suite.ts';

// Building the page, and a group of attacks one after the other.
test.describe.configure({ mode: 'default', timeout: 180_000 });

let site: Site;
test.beforeAll(async () => {
  site = await openSite();
});
test.afterAll(() => site.close());

/** Over a session of our own: Playwright gives a page up when the process of one of its frames runs out of memory, although the page lives. */
async function openInChromium(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(site.url);
  const session = await page.context().newCDPSession(page);
  return {
    async call<T>(source: string, ...given: unknown[]) {
      const expression = `Promise.resolve((${source})(...${JSON.stringify(given)})).then((value) => JSON.stringify(value) ?? 'null')`;
      const answer = await session.send('Runtime.evaluate', { expression, awaitPromise: true });
      if (answer.exceptionDetails)
        throw new Error(`The page failed: ${JSON.stringify(answer.exceptionDetails).slice(0, 500)}`);
      return JSON.parse(answer.result.value as string) as T;
    },
    close: () => page.context().close(),
  };
}

const firefox = findFirefox();
const browsers: readonly (readonly [string, (browser: Browser) => Promise<Page>])[] = [
  ['Chromium', openInChromium],
  ...(firefox === undefined ? [] : [['Firefox', () => openInFirefox(firefox, site.url)] as const]),
];

const groups: readonly (readonly [string, readonly Attack[]])[] = [
  ['forges a verdict or reads what decides it', verdict],
  ['reaches the network, storage, the page, other code, time or chance', reach],
  ['gets around the guards', guards],
];

test('there are more attacks than any list of them names, and each has a name of its own', () => {
  const names = [...groups.flatMap(([, attacks]) => attacks), ...hangs, ...bombs].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(200);
});

for (const [name, open] of browsers) {
  test(`in ${name} no attack succeeds, and the next run works`, async ({ browser }) => {
    const page = await open(browser);
    try {
      expect(await run(page, controls.good)).toMatchObject({ passed: true });
      expect(await run(page, controls.bad)).toMatchObject({ passed: false, failure: { kind: 'wrong-answer' } });
      for (const [group, attacks] of groups) {
        await test.step(group, async () => {
          expect(successes(await tryAll(page, site, attacks))).toEqual([]);
          expect(await run(page, controls.good)).toMatchObject({ passed: true });
        });
      }
    } finally {
      await page.close();
    }
  });

  test(`in ${name} what hangs and what fills the memory is ended and told, the page goes on, and the next run works`, async ({
    browser,
  }) => {
    const page = await open(browser);
    try {
      expect(await run(page, controls.good)).toMatchObject({ passed: true });
      for (const attack of [...hangs, ...bombs]) {
        const tried = await tryAll(page, site, [attack]);
        expect(successes(tried)).toEqual([]);
        for (const { outcome } of tried.filter(({ outcome: { failure } }) => failure?.kind !== 'does-not-compile')) {
          expect.soft(outcome.failure?.kind, attack.name).toMatch(/^(too-long|too-much-memory)$/);
          // The page's own timer went on while the attack ran.
          expect.soft(outcome.beats, attack.name).toBeGreaterThan(1);
        }
        expect(await run(page, controls.good), `after ${attack.name}`).toMatchObject({ passed: true });
      }
    } finally {
      await page.close();
    }
  });
}
