import { describe, expect, it } from 'vitest';
import {
  BACKEND,
  BELIEVED,
  DOT,
  FRONT,
  EVENT,
  EVENT_KIND,
  frameWriter,
  LEG,
  measure,
  NODE,
  POINT,
  ROLE,
  TRUTH,
} from '../../../engine/index.ts';
import { RELATIVE_ERROR } from '../../../engine/metrics/histogram.ts';
import type { Layer4Reach } from '../../../engine/world/scenario-layer4.ts';
import { fromLibrary } from './library.ts';
import { alike, constant, ms, s, simulate, world } from './build.ts';

/** The rows of a frame's column array. */
function rows(columns: Float64Array | Float32Array, stride: number): number[][] {
  return Array.from({ length: columns.length / stride }, (_, row) => [
    ...columns.subarray(row * stride, (row + 1) * stride),
  ]);
}

describe('a frame', () => {
  const scenario = world({
    network: { clientToBalancer: constant(ms(40)), balancerToBackend: constant(ms(20)) },
    pools: [
      { picker: { name: 'round-robin' }, backends: alike(2, { workers: 2, service: { default: constant(ms(80)) } }) },
    ],
    timeline: [
      { do: 'slow', atUs: ms(10), backend: 's2', factor: 2 },
      { do: 'drain', atUs: ms(15), backend: 's2' },
      { do: 'set-weight', atUs: ms(15), backend: 's1', weight: 3 },
    ],
  });

  it('shows requests on the network as dots, each where it is', () => {
    // Request 1 left at 100, was at the balancer at 140, at the backend at 160, done at 240, back at 260 and 300; request 2 left at 200.
    const dotsAt = (atUs: number) => {
      const simulation = simulate(scenario);
      simulation.runUntil(atUs);
      return rows(frameWriter(simulation).next().dots, DOT.stride);
    };
    expect(dotsAt(ms(110))).toEqual([[LEG.clientToBalancer, 0, -1, 0.25, -1, -1]]);
    expect(dotsAt(ms(155))).toEqual([[LEG.balancerToBackend, 0, 0, 0.75, -1, -1]]);
    expect(dotsAt(ms(170))).toEqual([]);
    expect(dotsAt(ms(250))).toEqual([
      [LEG.backendToBalancer, 0, 0, 0.5, -1, -1],
      [LEG.balancerToBackend, 0, 0, 0.5, -1, -1],
    ]);
    expect(dotsAt(ms(290))[0]).toEqual([LEG.balancerToClient, 0, 0, 0.75, -1, -1]);
  });

  it('shows what is believed of backends and what is true, and how much work their workers have left', () => {
    const simulation = simulate(scenario);
    simulation.runUntil(ms(180));
    const { backends, workers, lastPick, counts } = frameWriter(simulation).next();
    const [first, second] = rows(backends, BACKEND.stride);
    expect([first![BACKEND.weight], first![BACKEND.believed], first![BACKEND.truth]]).toEqual([
      3,
      BELIEVED.healthy,
      TRUTH.healthy,
    ]);
    expect([second![BACKEND.believed], second![BACKEND.truth], second![BACKEND.slowFactor]]).toEqual([
      BELIEVED.draining,
      TRUTH.slow,
      2,
    ]);
    expect([...workers]).toEqual([0.75, 0, 0, 0]);
    expect(lastPick).toEqual({ request: 1, backend: 0 });
    expect(counts).toEqual({ arrived: 1, served: 0, failed: 0 });
  });

  it('keeps the share of work that is left while a backend hangs or changes its speed', () => {
    const simulation = simulate({ ...scenario, timeline: [] });
    const writer = frameWriter(simulation);
    const share = () => writer.next().workers[0];
    simulation.runUntil(ms(180));
    simulation.apply({ do: 'slow', atUs: 0, backend: 's1', factor: 4 });
    expect(share()).toBeCloseTo(0.75, 6);
    simulation.runUntil(ms(260));
    simulation.apply({ do: 'hang', atUs: 0, backend: 's1' });
    expect(share()).toBeCloseTo(0.5, 6);
    simulation.runUntil(ms(350));
    expect(share()).toBeCloseTo(0.5, 6);
  });

  it('brings what happened since the last one, each event once and at most the newest 200', () => {
    const simulation = simulate(fromLibrary('equal-turns'));
    const writer = frameWriter(simulation);
    const seen: number[][] = [];
    for (let atUs = 0; atUs <= s(1); atUs += ms(20)) {
      simulation.runUntil(atUs);
      seen.push(...rows(writer.next().events, EVENT.stride));
    }
    expect(seen).toHaveLength(simulation.trace.length);
    expect(seen.filter((row) => row[EVENT.kind] === EVENT_KIND.arrived)).toHaveLength(simulation.counts.arrived);
    simulation.runUntil(s(5));
    const burst = rows(writer.next().events, EVENT.stride);
    expect(burst).toHaveLength(200);
    expect(burst.at(-1)![EVENT.atUs]).toBe(simulation.trace.at(simulation.trace.length - 1).atUs);
    expect(rows(writer.next().events, EVENT.stride)).toEqual([]);
  });

  it('has the percentiles of the last second', () => {
    const simulation = simulate(fromLibrary('one-slows-down'));
    simulation.runUntil(s(13.2));
    const [p50, p95, p99, n] = frameWriter(simulation).next().window;
    // A window holds t - 1 s < end <= t, a query from <= end < to.
    const exact = (metric: 'p50' | 'p95' | 'p99' | 'served') =>
      measure(simulation.log, { metric, fromUs: s(12.2) + 1, toUs: s(13.2) + 1 });
    expect(n).toBe(exact('served'));
    for (const [found, metric] of [
      [p50, 'p50'],
      [p95, 'p95'],
      [p99, 'p99'],
    ] as const) {
      expect(Math.abs(found! / exact(metric) - 1)).toBeLessThan(RELATIVE_ERROR);
    }
  });

  it('has no percentiles before anything was served', () => {
    const { window } = frameWriter(simulate(scenario)).next();
    expect([...window]).toEqual([NaN, NaN, NaN, 0]);
  });
});

it('the series lies on a grid of its own: 200 points, however often frames are taken', () => {
  const seriesOf = (stepUs: number) => {
    const simulation = simulate(fromLibrary('equal-turns'));
    const writer = frameWriter(simulation);
    const found: number[][] = [];
    for (let atUs = 0; atUs < simulation.scenario.durationUs; atUs += stepUs) {
      simulation.runUntil(atUs);
      found.push(...rows(writer.next().series, POINT.stride));
    }
    simulation.runToEnd();
    return [...found, ...rows(writer.next().series, POINT.stride)];
  };
  const often = seriesOf(ms(16));
  expect(often).toEqual(seriesOf(s(3.7)));
  expect(often).toHaveLength(200);
  expect(often.map((row) => row[POINT.atUs])).toEqual(often.map((_, index) => (index + 1) * ms(80)));
});

describe('a frame of a tier', () => {
  const scenario = fromLibrary('failover-in-seconds');
  const nodesAt = (atUs: number) => {
    const simulation = simulate(scenario);
    simulation.runUntil(atUs);
    const frame = frameWriter(simulation).next();
    return { simulation, frame, nodes: rows(frame.nodes, NODE.stride) };
  };

  it('says who is master, who has the address, who is dead, and how many requests each has taken', () => {
    const before = nodesAt(s(9));
    expect(before.nodes.map((node) => node[NODE.role])).toEqual([ROLE.master, ROLE.backup]);
    expect(before.nodes.map((node) => node[NODE.hasAddress])).toEqual([1, 0]);
    // Until the first election is over nobody has the address, and what arrives comes to nobody.
    expect(before.nodes[0]![NODE.taken]).toBeGreaterThan(500);
    expect(before.nodes[0]![NODE.taken]).toBeLessThan(before.frame.counts.arrived);
    expect(before.nodes[1]![NODE.taken]).toBe(0);
    const after = nodesAt(s(15));
    expect(after.nodes.map((node) => node[NODE.isUp])).toEqual([0, 1]);
    expect(after.nodes.map((node) => node[NODE.hasAddress])).toEqual([0, 1]);
    expect(after.nodes[1]![NODE.taken]).toBeGreaterThan(0);
  });

  it('leads each dot to its node, and to none while nobody has the address', () => {
    const nodesOfDots = (atUs: number) => rows(nodesAt(atUs).frame.dots, DOT.stride).map((dot) => dot[DOT.node]);
    // Somebody is on the way at nearly every moment: 100 requests a second, each for some 10 ms.
    const seen = (fromUs: number) =>
      new Set(Array.from({ length: 20 }, (_, step) => nodesOfDots(fromUs + step * ms(7))).flat());
    expect([...seen(s(9))]).toEqual([0]);
    expect([...seen(s(11))]).toEqual([-1]);
    expect([...seen(s(15))]).toEqual([1]);
  });

  it('says which layer 4 node died, whether flows are still sent there, and which of them each request on the way comes to', () => {
    const { tier, network, ...rest } = fromLibrary('layer-4-before-layer-7');
    const reach = { ...tier!.reach, detectUs: ms(500) } as Layer4Reach;
    const slow = { ...network, clientToBalancer: constant(ms(4)) };
    const scenario = { ...rest, tier: { ...tier!, reach }, network: slow };
    const simulation = simulate(scenario);
    const frontsAt = (atUs: number) => {
      simulation.runUntil(atUs);
      const { fronts } = frameWriter(simulation).next();
      return rows(fronts, FRONT.stride).map((front) => [front[FRONT.isUp], front[FRONT.isNextHop]]);
    };
    const frontsOfDots = (fromUs: number) =>
      Array.from({ length: 40 }, (_, step) => {
        simulation.runUntil(fromUs + step * ms(2));
        const { dots } = frameWriter(simulation).next();
        return rows(dots, DOT.stride).map((dot) => dot[DOT.front]);
      }).flat();
    expect(frontsAt(s(1.9))).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(frontsAt(s(2.1))).toEqual([
      [1, 1],
      [0, 1],
      [1, 1],
    ]);
    expect(new Set(frontsOfDots(s(2.2)))).toEqual(new Set([0, 1, 2]));
    expect(frontsAt(s(2.6))).toEqual([
      [1, 1],
      [0, 0],
      [1, 1],
    ]);
    expect(new Set(frontsOfDots(s(2.7)))).toEqual(new Set([0, 2]));
  });

  it('counts the connections whose packets each node has', () => {
    const simulation = simulate(fromLibrary('ecmp-resilient'));
    simulation.runUntil(s(1.2));
    const held = rows(frameWriter(simulation).next().nodes, NODE.stride).map((node) => node[NODE.connections]!);
    expect(held.reduce((sum, count) => sum + count, 0)).toBe(1000);
    expect(Math.min(...held)).toBeGreaterThan(50);
  });

  it('says of each event which node it is of', () => {
    const { frame } = nodesAt(s(15));
    const roles = rows(frame.events, EVENT.stride).filter((event) => event[EVENT.kind] === EVENT_KIND.picked);
    expect(new Set(roles.map((event) => event[EVENT.node]))).toEqual(new Set([1]));
  });
});
