import { expect, it } from 'vitest';
import { fromLibrary, libraryNames } from '../unit/world/library.ts';
import { simulate } from '../unit/world/build.ts';

/**
 * Runs whose digests are written down. `data/digests.json` is what Node says here; a browser test holds Chromium to the same file. When the
 * engine is meant to behave differently, `npx vitest run -u test/conformance/digests.test.ts` writes it anew, and the commit says why.
 */
it('the worlds of the library run as they always have', async () => {
  const digests = Object.fromEntries(
    libraryNames.map((name) => {
      const simulation = simulate(fromLibrary(name));
      simulation.runToEnd();
      return [name, simulation.digest()];
    }),
  );
  await expect(`${JSON.stringify(digests, null, 2)}\n`).toMatchFileSnapshot('data/digests.json');
});
