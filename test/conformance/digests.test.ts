import { expect, it } from 'vitest';
import { fromLibrary } from '../unit/world/library.ts';
import { simulate } from '../unit/world/build.ts';

/**
 * Runs whose digests are written down. `data/digests.json` is what Node says here; a browser test holds Chromium to the same file. When the
 * engine is meant to behave differently, `npx vitest run -u test/conformance/digests.test.ts` writes it anew, and the commit says why.
 */
const NAMES = [
  'crash-attracts-traffic',
  'equal-turns',
  'few-connections-at-layer-4',
  'hang-under-http-check',
  'hang-under-passive-check',
  'hang-under-tcp-check',
  'long-queue-or-fast-no',
  'one-slows-down',
  'paths-to-pools',
  'rolling-replacement',
  'shares-match-capacity',
];

it('eleven worlds run as they always have', async () => {
  const digests = Object.fromEntries(
    NAMES.map((name) => {
      const simulation = simulate(fromLibrary(name));
      simulation.runToEnd();
      return [name, simulation.digest()];
    }),
  );
  await expect(`${JSON.stringify(digests, null, 2)}\n`).toMatchFileSnapshot('data/digests.json');
});
