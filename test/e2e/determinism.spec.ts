import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import tsBlankSpace from 'ts-blank-space';
import type * as Engine from '../../engine/index.ts';
import { fromLibrary } from '../unit/world/library.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const ORIGIN = 'http://engine.test';

test('the browser runs the worlds to the same digests as Node', async ({ page }) => {
  const expected = JSON.parse(read('test/conformance/data/digests.json')) as Record<string, string>;
  expect(Object.keys(expected).length).toBeGreaterThanOrEqual(10);

  // The engine's own files, only without their types: nothing is bundled, so nothing can be optimised differently.
  await page.route(`${ORIGIN}/**`, (route) => {
    const path = new URL(route.request().url()).pathname.slice(1);
    return path === ''
      ? route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>engine</title>' })
      : route.fulfill({ contentType: 'text/javascript', body: tsBlankSpace(read(path)) });
  });
  await page.goto(ORIGIN);

  const found: Record<string, string> = {};
  for (const name of Object.keys(expected)) {
    found[name] = await page.evaluate(
      async ({ entry, scenario }) => {
        const { policiesFor, Simulation } = (await import(entry)) as typeof Engine;
        const simulation = new Simulation(scenario, policiesFor(scenario));
        simulation.runToEnd();
        return simulation.digest();
      },
      { entry: `${ORIGIN}/engine/index.ts`, scenario: fromLibrary(name) },
    );
  }
  expect(found).toEqual(expected);
});
