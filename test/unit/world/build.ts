import { policiesFor, Simulation } from '../../../engine/index.ts';
import type { Scenario, ScenarioInput, SimulationOptions } from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';

type PoolInput = ScenarioInput['pools'][number];
export type BackendInput = PoolInput['backends'][number];

/** Milliseconds and seconds as the microseconds scenarios are written in. */
export const ms = (value: number) => Math.round(value * 1_000);
export const s = (value: number) => Math.round(value * 1_000_000);

export const constant = (valueUs: number) => ({ kind: 'constant', valueUs }) as const;
export const exponential = (meanUs: number) => ({ kind: 'exponential', meanUs }) as const;

/** Backends s1, s2, … that are alike. */
export function alike(count: number, backend: Omit<BackendInput, 'id'>): BackendInput[] {
  return Array.from({ length: count }, (_, index) => ({ id: `s${index + 1}`, ...backend }));
}

/** A scenario of which only what a test is about has to be said; else one request every 100 ms to one backend that needs 10 ms. */
export function world(input: Partial<ScenarioInput> = {}): Scenario {
  const defaults: ScenarioInput = {
    name: 'test',
    title: 'Test',
    shows: 'What the test is about.',
    durationUs: s(10),
    clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 10 } }],
    pools: [{ picker: { name: 'round-robin' }, backends: alike(1, { service: { default: constant(ms(10)) } }) }],
  };
  return parseScenario({ ...defaults, ...input }, 'a test');
}

export function simulate(scenario: Scenario, options?: SimulationOptions): Simulation {
  return new Simulation(scenario, policiesFor(scenario), options);
}

/** The trace as rows of [time, kind, request, backend, value], of some kinds only if asked. */
export function rowsOf(simulation: Simulation, ...kinds: number[]): number[][] {
  const { trace } = simulation;
  return Array.from({ length: trace.length }, (_, row) => trace.at(row))
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ atUs, kind, request, backend, value }) => [atUs, kind, request, backend, value]);
}
