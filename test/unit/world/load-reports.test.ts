import { describe, expect, it } from 'vitest';
import { Simulation } from '../../../engine/index.ts';
import type { LoadReport, Outcome, Picker, ScenarioInput } from '../../../engine/index.ts';
import { alike, constant, ms, world } from './build.ts';

function run(picker: Picker, input: Partial<ScenarioInput> = {}, loadReports = false): Simulation {
  const scenario = world({
    network: { clientToBalancer: constant(0), balancerToBackend: constant(ms(2)) },
    pools: [
      {
        picker: { name: 'random' },
        loadReports,
        backends: alike(2, { service: { default: constant(ms(10)) }, workers: 2 }),
      },
    ],
    ...input,
  });
  const simulation = new Simulation(scenario, { pools: new Map([['default', { picker }]]) });
  simulation.runUntil(ms(250));
  return simulation;
}

describe('loads that backends tell', () => {
  it('come with responses where the pool asks for it, and else not', () => {
    const outcomes: Outcome[] = [];
    const picker: Picker = {
      pick: (backends) => backends[0],
      onRequestEnd: (_, __, outcome) => outcomes.push(outcome),
    };
    run(picker);
    expect(outcomes.map(({ load }) => load)).toEqual([undefined, undefined]);
    outcomes.length = 0;
    run(picker, {}, true);
    expect(outcomes[0]!.load).toMatchObject({ inFlight: 0, utilisation: 0, latencyUs: ms(10) });
  });

  it('are asked for by probes that take the way there and back', () => {
    const told: [number, string, LoadReport][] = [];
    const picker: Picker = {
      pick: (backends) => backends[0],
      probes: (backends) => backends,
      onProbe: (backend, load, ctx) => told.push([ctx.nowUs, backend.id, load]),
    };
    run(picker);
    // Each probe goes behind the request of 100 ms or 200 ms and finds it being served by one of two workers.
    expect(told.map(([atUs, id, { inFlight, utilisation }]) => [atUs, id, inFlight, utilisation])).toEqual([
      [ms(104), 's1', 1, 0.5],
      [ms(104), 's2', 0, 0],
      [ms(204), 's1', 1, 0.5],
      [ms(204), 's2', 0, 0],
    ]);
  });

  it('are not told by a machine that hangs', () => {
    const told: string[] = [];
    const picker: Picker = {
      pick: (backends) => backends[0],
      probes: (backends) => backends,
      onProbe: (backend) => told.push(backend.id),
    };
    run(picker, { timeline: [{ do: 'hang', atUs: 0, backend: 's2' }] });
    expect(told).toEqual(['s1', 's1']);
  });
});
