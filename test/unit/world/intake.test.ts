import { describe, expect, it } from 'vitest';
import { EVENT_KIND, FAILURE, ScenarioError } from '../../../engine/index.ts';
import type { ScenarioInput } from '../../../engine/index.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { HalfOpen } from '../../../engine/world/intake/half-open.ts';
import { Places } from '../../../engine/world/intake/places.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from './build.ts';

/** Erlang's B for so many places and this offered load: the recursion of every book on queues. */
function erlangB(places: number, load: number): number {
  let blocked = 1;
  for (let n = 1; n <= places; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked;
}

describe('half-open connections under a flood', () => {
  it.each([15, 25, 400])('find no place with the probability of Erlang, at %i times as many as are kept', (rateRps) => {
    const table = new HalfOpen({ places: 20, keptUs: s(1), cookies: false }, new Prng(5));
    table.change(rateRps, 0);
    let full = 0;
    const looks = 40_000;
    for (let look = 1; look <= looks; look++) if (!table.hasPlace(s(10) + look * ms(100))) full++;
    const expected = erlangB(20, rateRps);
    // Looks within one keeping time tell the same: a tenth of them count, and by less than half.
    const sd = Math.sqrt((expected * (1 - expected)) / (looks / 20));
    expect(Math.abs(full / looks - expected)).toBeLessThan(4 * sd);
  });

  it('are the same however often somebody looks', () => {
    const seen = (everyUs: number) => {
      const table = new HalfOpen({ places: 3, keptUs: ms(70), cookies: false }, new Prng(9));
      table.change(100, 0);
      const found: boolean[] = [];
      for (let atUs = 0; atUs <= s(2); atUs += everyUs) {
        const has = table.hasPlace(atUs);
        if (atUs % ms(20) === 0) found.push(has);
      }
      return found;
    };
    expect(seen(ms(1))).toEqual(seen(ms(20)));
  });

  it('are gone when the flood is over and they have been kept long enough', () => {
    const table = new HalfOpen({ places: 2, keptUs: s(1), cookies: false }, new Prng(3));
    table.change(1_000, 0);
    expect(table.hasPlace(s(5))).toBe(false);
    table.change(-1_000, s(5));
    expect(table.hasPlace(s(6))).toBe(true);
  });
});

describe('places of connections', () => {
  it('are held by an attacker as far as they are free, round by round', () => {
    const places = new Places({ maxConnections: 3, headerTimeoutUs: null });
    expect(places.take(0)).toBe(true);
    places.besiege(10, s(15), s(1));
    expect(places.take(s(2))).toBe(false);
    places.leave(s(3));
    expect(places.take(s(15.9))).toBe(true);
    places.leave(s(15.95));
    expect(places.take(s(16))).toBe(false);
    places.besiege(0, s(15), s(20));
    expect(places.take(s(20))).toBe(true);
  });

  it('come back with the header timeout, until the next round', () => {
    const places = new Places({ maxConnections: 3, headerTimeoutUs: s(5) });
    places.besiege(10, s(15), 0);
    const isFree = (atUs: number) => {
      const got = places.take(atUs);
      if (got) places.leave(atUs);
      return got;
    };
    expect([s(4), s(5), s(14), s(15), s(19), s(20)].map(isFree)).toEqual([false, true, true, false, false, true]);
  });
});

const flood = (input: Partial<ScenarioInput> = {}) =>
  world({
    clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 1 }, timeoutUs: s(5) }],
    network: { clientToBalancer: constant(ms(5)), balancerToBackend: constant(ms(1)) },
    balancer: { intake: { halfOpen: { places: 10, keptUs: s(2.5), cookies: false } } },
    timeline: [{ do: 'syn-flood', atUs: ms(500), rateRps: 10_000, durationUs: ms(100) }],
    ...input,
  });

function run(scenario: ReturnType<typeof world>) {
  const simulation = simulate(scenario);
  simulation.runToEnd();
  return simulation;
}

describe('at the gate of a balancer', () => {
  it('a SYN that was dropped comes again after a second, then after two more', () => {
    const simulation = run(flood());
    const arrived = rowsOf(simulation, EVENT_KIND.arrived).map(([atUs]) => atUs);
    // Places are free at 3.0 s. The client of 1 s comes again at 2 and 4 s, that of 2 s at 3 s.
    expect(arrived.slice(0, 4)).toEqual([ms(3_005), ms(3_005), ms(4_005), ms(4_005)]);
    expect(simulation.handshakes.counts.dropped).toBe(3);
    expect(simulation.counts.failed).toBe(0);
  });

  it('who waits less long gives up at the right time, and is counted', () => {
    const clients = [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 1 }, timeoutUs: ms(700) } as const];
    const failed = rowsOf(run(flood({ clients })), EVENT_KIND.failed);
    expect(failed.map(([atUs, , , , value]) => [atUs, value])).toEqual([
      [ms(1_700), FAILURE.abandoned],
      [ms(2_700), FAILURE.abandoned],
    ]);
  });

  it('connections that are open pass', () => {
    const clients = [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 10 }, connections: 1 } as const];
    const simulation = run(flood({ clients }));
    expect(simulation.handshakes.counts.dropped).toBe(0);
    expect(simulation.counts.served).toBe(99);
  });

  it('a flood at one node leaves the other open', () => {
    const simulation = run(
      flood({
        tier: { nodes: [{ id: 'n1' }, { id: 'n2' }], reach: { kind: 'direct', choice: 'turns' } },
        timeline: [{ do: 'syn-flood', atUs: ms(500), rateRps: 10_000, durationUs: s(9), balancer: 'n2' }],
      }),
    );
    const { log } = simulation;
    const served = (node: number) => log.node.subarray(0, log.length).filter((at) => at === node).length;
    expect(served(0)).toBe(5);
    expect(simulation.counts.served).toBe(5);
  });

  it('a connection without a place is closed at once, and takes none', () => {
    const simulation = run(
      world({
        clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 100 }, connections: 5 }],
        balancer: { intake: { maxConnections: 3 } },
        pools: [
          { picker: { name: 'random' }, backends: alike(1, { workers: 9, service: { default: constant(ms(1)) } }) },
        ],
      }),
    );
    // Five connections want three places: the two that come later try with each of their requests.
    const failed = rowsOf(simulation, EVENT_KIND.failed);
    expect(new Set(failed.map(([, , , , value]) => value))).toEqual(new Set([FAILURE.refused]));
    expect(failed.length / simulation.counts.arrived).toBeCloseTo(2 / 5, 2);
    expect(simulation.handshakes.counts.refused).toBe(failed.length);
  });
});

describe('what goes with bounds on connections', () => {
  const attack = { atUs: 0, durationUs: s(1) };
  it.each<[string, string, Partial<ScenarioInput>]>([
    ['layer 4 that passes them on', 'balancer.intake', { balancer: { layer: 4, intake: {} } }],
    [
      'a flood without a table',
      'timeline[0].do',
      { balancer: { intake: {} }, timeline: [{ do: 'syn-flood', rateRps: 1, ...attack }] },
    ],
    ['a slow loris without places', 'timeline[0].do', { timeline: [{ do: 'slow-loris', connections: 1, ...attack }] }],
    [
      'an attack on a node that is not there',
      'timeline[0].balancer',
      {
        balancer: { intake: { maxConnections: 1 } },
        timeline: [{ do: 'slow-loris', connections: 1, balancer: 'n9', ...attack }],
      },
    ],
  ])('is not %s, and the error says where', (_, field, input) => {
    expect(() => world(input)).toThrow(ScenarioError);
    expect(() => world(input)).toThrow(field);
  });

  it('and an attack on a running world without them is refused, with what to add', () => {
    const simulation = simulate(world());
    expect(() => {
      simulation.apply({ do: 'slow-loris', connections: 1, everyUs: s(15), ...attack });
    }).toThrow('Add balancer.intake.maxConnections.');
  });
});
