/**
 * The attack suite. Each attack is a submission that tries something, in the site's own bridge, frame and workers; what TypeScript refuses is run
 * once more as if it had not looked. An attack succeeds if it says so, if a request reaches the test's server, if anything it could want on the
 * page has changed, if it passes, or if the engine takes the blame for it.
 */
import { expect, test, type Browser } from '@playwright/test';
import { fromLibrary, libraryNames } from '../../unit/world/library.ts';
import type { Attack } from './attacks/attack.ts';
import { guards } from './attacks/guards.ts';
import { bombs, hangs } from './attacks/hang.ts';
import { reach } from './attacks/reach.ts';
import { verdict } from './attacks/verdict.ts';
import type { Page } from './firefox.ts';
import { openSite, type Site } from './site.ts';
import { controls, run, successes, tryAll } from './suite.ts';

const groups: readonly (readonly [string, readonly Attack[]])[] = [
  ['forges a verdict or reads what decides it', verdict],
  ['reaches the network, storage, the page, other code, time or chance', reach],
  ['gets around the guards', guards],
];

/** Draws, so that it is another picker than any scenario's own. */
const BY_CHANCE = `import type { Picker } from 'ballast';
export default function byChance(): Picker {
  return { pick: (backends, _request, ctx) => backends[ctx.rng.int(backends.length)] };
}
`;

/** The whole suite in one browser; a spec file for each, so that they can run at the same time. */
export function attackSuite(name: string, open: (browser: Browser, url: string) => Promise<Page>): void {
  // One page for a group of attacks, one after the other: a slow machine is no failure.
  test.describe.configure({ mode: 'default', timeout: 900_000 });

  let site: Site;
  test.beforeAll(async () => {
    site = await openSite();
  });
  test.afterAll(() => site.close());

  async function inPage(browser: Browser, use: (page: Page) => Promise<void>): Promise<void> {
    const page = await open(browser, site.url);
    try {
      expect(await run(page, controls.good)).toMatchObject({ passed: true });
      await use(page);
    } finally {
      await page.close();
    }
  }

  test('there are more attacks than any list of them names, and each has a name of its own', () => {
    const names = [...groups.flatMap(([, attacks]) => attacks), ...hangs, ...bombs].map((attack) => attack.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(200);
  });

  test(`in ${name} no attack succeeds, and the next run works`, ({ browser }) =>
    inPage(browser, async (page) => {
      expect(await run(page, controls.bad)).toMatchObject({ passed: false, failure: { kind: 'wrong-answer' } });
      for (const [group, attacks] of groups) {
        await test.step(group, async () => {
          expect(successes(await tryAll(page, site, attacks))).toEqual([]);
          expect(await run(page, controls.good)).toMatchObject({ passed: true });
        });
      }
    }));

  test(`in ${name} what hangs and what fills the memory is ended and told, the page goes on, and the next run works`, ({
    browser,
  }) =>
    inPage(browser, async (page) => {
      for (const attack of [...hangs, ...bombs]) {
        const tried = await tryAll(page, site, [attack]);
        expect(successes(tried)).toEqual([]);
        const ran = tried.filter(({ outcome: { failure } }) => failure?.kind !== 'does-not-compile');
        for (const { outcome } of ran) {
          // On a busy machine memory may take longer than a second to fill, and is then told as silence.
          expect.soft(outcome.failure?.kind, attack.name).toMatch(/^(too-long|too-much-memory)$/);
          // The page's own timer went on while the attack ran.
          expect.soft(outcome.beats, attack.name).toBeGreaterThan(1);
        }
        expect(await run(page, controls.good), `after ${attack.name}`).toMatchObject({ passed: true });
      }
    }));

  test(`in ${name} a run in the frame and the replay of its tape have one digest, in every world of the library`, ({
    browser,
  }) =>
    inPage(browser, async (page) => {
      for (const scenario of libraryNames) {
        const { inFrame, replayed } = await page.call<{ inFrame: string; replayed: string }>(
          '(source, scenario) => globalThis.harness.digests(source, scenario)',
          BY_CHANCE,
          fromLibrary(scenario),
        );
        expect(inFrame, scenario).toMatch(/^[0-9a-f]{16}$/);
        expect(replayed, scenario).toBe(inFrame);
      }
    }));
}
