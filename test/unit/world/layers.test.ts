import { describe, expect, it } from 'vitest';
import { EVENT_KIND, FAILURE, measure } from '../../../engine/index.ts';
import type { ScenarioInput } from '../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from './build.ts';

const clients = (connections?: number): ScenarioInput['clients'] => [
  { id: 'c1', arrivals: { kind: 'constant', rateRps: 100 }, ...(connections && { connections }) },
];
const pools = (backends = alike(3, { service: { default: constant(ms(1)) } })): ScenarioInput['pools'] => [
  { picker: { name: 'round-robin' }, backends },
];

/** Indices of the backends in the order of the picks. */
const picks = (simulation: ReturnType<typeof simulate>) =>
  rowsOf(simulation, EVENT_KIND.picked).map(([, , , backend]) => backend);

describe('layer 4', () => {
  it('picks once for a connection and keeps to it', () => {
    const simulation = simulate(world({ balancer: { layer: 4 }, clients: clients(2), pools: pools() }));
    simulation.runUntil(ms(80));
    expect(picks(simulation)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  });

  it('picks for each request when each brings its own connection', () => {
    const simulation = simulate(world({ balancer: { layer: 4 }, clients: clients(), pools: pools() }));
    simulation.runUntil(ms(60));
    expect(picks(simulation)).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('stays with a backend that drains, and leaves one that was removed', () => {
    const simulation = simulate(
      world({
        balancer: { layer: 4 },
        clients: clients(1),
        pools: pools(),
        timeline: [
          { do: 'drain', atUs: ms(25), backend: 's1' },
          { do: 'remove-backend', atUs: ms(55), backend: 's1' },
        ],
      }),
    );
    simulation.runUntil(ms(80));
    expect(picks(simulation)).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
  });

  it('picks anew for a connection it has forgotten: one that was idle for too long, or the quietest of too many', () => {
    const run = (connectionTable: NonNullable<ScenarioInput['balancer']>['connectionTable']) => {
      const simulation = simulate(
        world({ balancer: { layer: 4, connectionTable }, clients: clients(2), pools: pools() }),
      );
      simulation.runUntil(ms(60));
      return picks(simulation);
    };
    // Each connection carries a request every 20 ms.
    expect(run({ idleTimeoutUs: ms(20) })).toEqual([0, 1, 2, 0, 1, 2]);
    expect(run({ idleTimeoutUs: ms(21) })).toEqual([0, 1, 0, 1, 0, 1]);
    expect(run({ limit: 1 })).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('a crash breaks the connection: the request that finds out fails, the next goes elsewhere', () => {
    const simulation = simulate(
      world({
        balancer: { layer: 4 },
        clients: clients(1),
        pools: pools(),
        timeline: [{ do: 'crash', atUs: ms(25), backend: 's1' }],
      }),
    );
    simulation.runUntil(ms(60));
    expect(picks(simulation)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(rowsOf(simulation, EVENT_KIND.failed).map(([, , request, , value]) => [request, value])).toEqual([
      [3, FAILURE.refused],
    ]);
  });

  it('is blind to paths: the first pool gets everything', () => {
    const two: ScenarioInput['pools'] = [
      { id: 'web', picker: { name: 'random' }, backends: [{ id: 'w1', service: { default: constant(1) } }] },
      { id: 'gpu', picker: { name: 'random' }, backends: [{ id: 'g1', service: { default: constant(1) } }] },
    ];
    const simulation = simulate(world({ balancer: { layer: 4 }, clients: clients(), pools: two }));
    simulation.runUntil(s(1));
    expect(measure(simulation.log, { metric: 'share', backends: ['w1'] })).toBe(1);
  });
});

describe('layer 7', () => {
  it('picks for each request, whatever connection it came on', () => {
    const simulation = simulate(world({ clients: clients(1), pools: pools() }));
    simulation.runUntil(ms(60));
    expect(picks(simulation)).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('routes by path, and what no route matches goes to the first pool', () => {
    const simulation = simulate(
      world({
        balancer: { routes: [{ pathPrefix: '/video', pool: 'gpu' }] },
        clients: [
          {
            id: 'c1',
            arrivals: { kind: 'poisson', rateRps: 100 },
            requests: [
              { name: 'page', path: '/videos' },
              { name: 'video', path: '/video/7' },
            ],
          },
        ],
        pools: [
          { id: 'web', picker: { name: 'random' }, backends: [{ id: 'w1', service: { default: constant(1) } }] },
          { id: 'gpu', picker: { name: 'random' }, backends: [{ id: 'g1', service: { default: constant(1) } }] },
        ],
      }),
    );
    simulation.runUntil(s(2));
    const share = (classes: string[], backends: string[]) =>
      measure(simulation.log, { metric: 'share', classes, backends });
    expect([share(['page'], ['w1']), share(['video'], ['g1'])]).toEqual([1, 1]);
  });
});
