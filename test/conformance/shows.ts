import { describe, it } from 'vitest';
import type { Scenario, Simulation } from '../../engine/index.ts';
import { simulate } from '../unit/world/build.ts';
import { fromLibrary } from '../unit/world/library.ts';

/** Each scenario claims to show something. That it does must not hang on its seed: three seeds, fixed beforehand, its own among them. */
export function shows(name: string, claim: (simulation: Simulation, scenario: Scenario) => void): void {
  const scenario = fromLibrary(name);
  describe(`${name}: ${scenario.shows}`, () => {
    it.each([...new Set([scenario.seed, 101, 102])])('seed %i', (seed) => {
      const simulation = simulate(scenario, { seed });
      simulation.runToEnd();
      claim(simulation, scenario);
    });
  });
}
