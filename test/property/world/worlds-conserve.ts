import fc from 'fast-check';
import { expect, it } from 'vitest';
import { policiesFor, Simulation } from '../../../engine/index.ts';
import { worlds } from '../worlds.ts';
import { doubtsAbout } from './conservation.ts';
import { DURATION_US } from './times.ts';

/** Ten thousand worlds in all, dealt out over the files that call this: files are what runs at the same time. */
const WORLDS_OF_A_PART = 2_500;

/** Half a minute's work, on a machine that may have much other: one took ten times as long. */
const PATIENCE_MS = 900_000;

/** Tells the parts apart: each tries worlds of its own. */
export function worldsConserve(part: number): void {
  it(
    'every request ends once or is under way, counts are true at every instant, and a second run, cut anywhere, is the same',
    () => {
      const seed = (fc.readConfigureGlobal().seed ?? 0) + part;
      fc.assert(
        fc.property(worlds, fc.array(fc.nat(DURATION_US), { maxLength: 4 }), (scenario, cuts) => {
          const { doubts, run } = doubtsAbout(scenario);
          expect(doubts).toEqual([]);
          const second = new Simulation(scenario, policiesFor(scenario));
          for (const cut of cuts.toSorted((one, other) => one - other)) second.runUntil(cut);
          second.runToEnd();
          expect(second.digest()).toBe(run.digest());
          expect(second.backends()).toEqual(run.backends());
        }),
        { numRuns: WORLDS_OF_A_PART, seed },
      );
    },
    PATIENCE_MS,
  );
}
