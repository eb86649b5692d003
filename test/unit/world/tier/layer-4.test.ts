import { describe, expect, test } from 'vitest';
import { measure } from '../../../../engine/index.ts';
import type { ScenarioInput } from '../../../../engine/index.ts';
import { alike, constant, ms, s, simulate, world } from '../build.ts';

type Tier = NonNullable<ScenarioInput['tier']>;
type Reach = Extract<NonNullable<Tier['reach']>, { kind: 'layer-4' }>;

const CONNECTIONS = 1_000;

/** 1,000 connections of one request a second each, over three L4 nodes to four L7 balancers and a spare one. */
function input(timeline: ScenarioInput['timeline'], reach: Partial<Reach> = {}): Partial<ScenarioInput> {
  return {
    durationUs: s(4),
    clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps: CONNECTIONS }, connections: CONNECTIONS }],
    pools: [{ picker: { name: 'random' }, backends: alike(2, { workers: 40, service: { default: constant(ms(1)) } }) }],
    tier: {
      nodes: [
        { id: 'l7', count: 4 },
        { id: 'late', spare: true },
      ],
      reach: {
        kind: 'layer-4',
        nodes: [{ id: 'l4', count: 3 }],
        hashing: 'resilient',
        detectUs: 0,
        check: { intervalUs: ms(10), fall: 2, rise: 2 },
        ...reach,
      },
    },
    timeline,
  };
}

function run(...args: Parameters<typeof input>) {
  const simulation = simulate(world(input(...args)));
  simulation.runToEnd();
  return simulation;
}

const comes = [{ do: 'start-balancer', balancer: 'late', atUs: s(1.5) }] as const;

describe('layer 4 in front of layer 7', () => {
  test('all balancers get their share of connections', () => {
    const { log } = run([]);
    const taken = [...log.node.slice(0, log.length)];
    for (const node of [0, 1, 2, 3]) {
      const share = taken.filter((other) => other === node).length / taken.length;
      // Four standard deviations of a draw of 1,000 connections.
      expect(Math.abs(share - 1 / 4)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / CONNECTIONS));
    }
  });

  test('a balancer that comes breaks what Maglev moves to it, and nothing where tables remember', () => {
    const moved = run([...comes], { flowTable: { name: 'maglev' } }).brokenConnections / CONNECTIONS;
    // A fifth, by four standard deviations, and a few per cent that Maglev moves beside it.
    expect(moved).toBeGreaterThan(0.2 - 4 * 0.0127);
    expect(moved).toBeLessThan(0.2 + 4 * 0.0127 + 0.05);
    expect(run([...comes], { flowTable: { name: 'maglev-with-table' } }).brokenConnections).toBe(0);
  });

  test('an L4 node that dies loses what is sent to it until the router has found out', () => {
    const died = run([{ do: 'kill-balancer', balancer: 'l4-1', atUs: s(0.5) }], { detectUs: ms(300) });
    // A third of the requests of 0.3 s, each unanswered for 3 s: 100 by four standard deviations of 8.2, and buckets.
    const lost = measure(died.log, { metric: 'failed', failure: 'unreachable' });
    expect(Math.abs(lost - 100)).toBeLessThan(4 * 8.2 + 300 / 128);
    expect(died.brokenConnections).toBe(0);
  });

  test('one that starts again, with nothing in its table, breaks nothing either: Maglev tells it the same', () => {
    const timeline = [
      { do: 'kill-balancer', balancer: 'l4-1', atUs: s(1) },
      { do: 'start-balancer', balancer: 'l4-1', atUs: s(2) },
    ] as const;
    expect(run([...timeline]).brokenConnections).toBe(0);
    // A table alone drops what it has not seen open.
    const alone = run([...timeline], { flowTable: { name: 'connection-table' } });
    expect(measure(alone.log, { metric: 'served', fromUs: s(1) })).toBeLessThan(0.8 * 3 * CONNECTIONS);
  });

  test('one that stops in good order withdraws its route, and loses nothing', () => {
    const { counts, brokenConnections } = run([{ do: 'stop-balancer', balancer: 'l4-1', atUs: s(1) }]);
    expect({ failed: counts.failed, brokenConnections }).toEqual({ failed: 0, brokenConnections: 0 });
  });

  /** Beside the connections, 500 requests a second that each open one of their own. */
  function drained(timeline: ScenarioInput['timeline'], flowTable: string) {
    const { clients, ...rest } = input(timeline, { flowTable: { name: flowTable } });
    const visitors = { id: 'visitors', arrivals: { kind: 'poisson', rateRps: 500 } } as const;
    const simulation = simulate(world({ ...rest, clients: [...clients!, visitors] }));
    simulation.runToEnd();
    const { log } = simulation;
    /** Requests of a client that came to the first balancer from a time on. */
    const taken = (client: number, fromUs: number) =>
      Array.from({ length: log.length }, (_, row) => row).filter(
        (row) => log.node[row] === 0 && log.client[row] === client && log.arrivedUs[row]! >= fromUs,
      ).length;
    return { simulation, taken };
  }

  const drain = { do: 'drain-balancer', balancer: 'l7-1', atUs: s(1) } as const;

  test('a balancer that drains gets no new connection and keeps those it has, where tables remember', () => {
    const { simulation, taken } = drained([drain], 'maglev-with-table');
    expect({ failed: simulation.counts.failed, broken: simulation.brokenConnections }).toEqual({
      failed: 0,
      broken: 0,
    });
    expect(taken(1, 0)).toBeGreaterThan(50);
    expect(taken(1, s(1))).toBe(0);
    // A quarter of 1,000 connections, a request a second of each for three seconds: 750, by four standard deviations of three times 13.7.
    expect(Math.abs(taken(0, s(1)) - 750)).toBeLessThan(4 * 3 * 13.7);
    // A layer 4 node that dies takes its table along: a third of that quarter comes to others, which ask Maglev, and that names somebody else.
    const died = drained([drain, { do: 'kill-balancer', balancer: 'l4-1', atUs: s(2) }], 'maglev-with-table');
    const broken = died.simulation.brokenConnections;
    expect(Math.abs(broken - CONNECTIONS / 12)).toBeLessThan(4 * Math.sqrt(CONNECTIONS / 12) + CONNECTIONS / 128);
  });

  test('stopped before they have finished it breaks the connections that are left, and started again it gets its share', () => {
    const stop = { do: 'stop-balancer', balancer: 'l7-1', atUs: s(2) } as const;
    expect(drained([drain, stop], 'maglev-with-table').simulation.brokenConnections).toBeGreaterThan(150);
    const { taken } = drained([drain, { do: 'start-balancer', balancer: 'l7-1', atUs: s(2) }], 'maglev-with-table');
    expect(taken(1, s(2))).toBeGreaterThan(150);
  });

  test('a table without memory cannot let connections finish: a drain is a stop to it', () => {
    const broken = drained([drain], 'maglev').simulation.brokenConnections;
    expect(Math.abs(broken - CONNECTIONS / 4)).toBeLessThan(4 * 13.7 + 0.05 * CONNECTIONS);
  });

  test('a look at the run in between changes nothing', () => {
    const watched = simulate(world(input([...comes])));
    for (let atUs = 0; atUs < s(4); atUs += ms(50)) {
      watched.runUntil(atUs);
      const { tier, path } = watched.look();
      for (let row = 0; row < path.rows.used; row++) tier!.nodeOf(row);
    }
    watched.runToEnd();
    expect(watched.digest()).toBe(run([...comes]).digest());
  });

  test('behind it stand balancers on layer 7, and what an L4 node has no part in cannot happen to it', () => {
    expect(() => world({ ...input([]), balancer: { layer: 4 } })).toThrow('tier.reach');
    expect(() => run([{ do: 'crash-balancer', balancer: 'l4-1', atUs: s(1) }])).toThrow('"l4-1"');
    expect(() => run([{ do: 'drain-balancer', balancer: 'l4-1', atUs: s(1) }])).toThrow('"l4-1"');
    const behindDns: Tier = { nodes: [{ id: 'l7' }], reach: { kind: 'dns' } };
    const drains = [{ do: 'drain-balancer', balancer: 'l7', atUs: s(1) }] as const;
    expect(() => world({ tier: behindDns, timeline: [...drains] })).toThrow('behind layer 4');
    expect(() => run([], { nodes: [{ id: 'l7-1' }] })).toThrow('l7-1');
    expect(() => run([], { flowTable: { name: 'magic' } })).toThrow('tier.reach.flowTable');
  });
});
