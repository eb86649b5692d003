import type { Policies } from '../core/policies.ts';
import type { Action, Scenario } from './scenario.ts';
import { Simulation } from './simulation.ts';
import type { SimulationOptions } from './simulation.ts';

/**
 * The run as it stands at a time, replayed from the start. `makePolicies` must make fresh ones of the same kind; `timeline` is that of the
 * run to repeat, with all that was applied to it.
 */
export function simulationAt(
  scenario: Scenario,
  makePolicies: () => Policies,
  seed: number,
  timeline: readonly Action[],
  atUs: number,
  options: Pick<SimulationOptions, 'trace'> = {},
): Simulation {
  const simulation = new Simulation({ ...scenario, timeline: [...timeline] }, makePolicies(), { ...options, seed });
  simulation.runUntil(atUs);
  return simulation;
}
