import { expect, test } from 'vitest';
import { policiesFor, recordTape, Simulation, simulate } from '../../engine/index.ts';
import { fromLibrary, libraryNames } from '../unit/world/library.ts';

/** Long enough for every fault of the library to begin; the rest of a run asks nothing new of a tape. */
const LONGEST_US = 20_000_000;

test.each(libraryNames)('the tape of all policies replays %s to the same digest', (name) => {
  const whole = fromLibrary(name);
  const scenario = { ...whole, durationUs: Math.min(whole.durationUs, LONGEST_US) };
  const { policies, tape } = recordTape(policiesFor(scenario));
  const simulation = new Simulation(scenario, policies);
  simulation.runToEnd();
  expect(simulate(scenario, scenario.seed, tape(), policiesFor(scenario)).digest()).toBe(simulation.digest());
});
