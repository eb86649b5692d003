import { policiesFor, ScenarioError, Simulation } from '../../index.ts';
import type { Scenario, SimulationOptions } from '../../index.ts';
import { parseScenario } from '../../parse.ts';
import { NotApplicable } from './row.ts';

/** A scenario of which only what an experiment is about has to be said. What the schema does not have makes the row not applicable. */
export function world(parts: Readonly<Record<string, unknown>>): Scenario {
  try {
    return parseScenario({ name: 'theory', title: 'A row of theory', shows: 'What theory says.', ...parts }, 'the row');
  } catch (error) {
    if (error instanceof ScenarioError) throw new NotApplicable(error.message.replaceAll(/\s+/g, ' '));
    throw error;
  }
}

/** A run that keeps nothing but counts, and tells an observer. */
export function start(scenario: Scenario, options: SimulationOptions): Simulation {
  return new Simulation(scenario, policiesFor(scenario), { trace: false, ...options });
}

/** Backends b0, b1, … */
export function backends(count: number, each: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => ({ id: `b${index}`, ...each }));
}
