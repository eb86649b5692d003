import { describe, expect, test } from 'vitest';
import { Prng } from '../../../engine/core/prng.ts';
import { Anycast, type AnycastSpec } from '../../../engine/world/anycast.ts';
import { constant, ms, s } from './build.ts';
import { Ticking } from './ticking.ts';

const SPEC: AnycastSpec = {
  sites: 3,
  preferences: [
    [0, 1, 2],
    [1, 0, 2],
  ],
  sessions: { holdUs: s(90), keepaliveUs: s(30), bfd: undefined },
  convergence: constant(s(2)),
};

function setUp(spec: Partial<AnycastSpec> = {}, seed = 1) {
  const ticking = new Ticking();
  const moves: number[] = [];
  const anycast = new Anycast({ ...SPEC, ...spec }, ticking.clock, ticking.alarms, new Prng(seed), () =>
    moves.push(ticking.clock.nowUs),
  );
  return { ticking, anycast, moves, sites: () => [anycast.siteOf(0), anycast.siteOf(1)] };
}

describe('a prefix that several sites announce', () => {
  test('each network goes to the best site of its own order', () => {
    expect(setUp().sites()).toEqual([0, 1]);
  });

  test('a withdrawn route is left once the withdrawal has arrived, and taken again after it is announced', () => {
    const { ticking, anycast, sites } = setUp();
    anycast.withdraw(0);
    ticking.goTo(s(2) - 1);
    expect(sites()).toEqual([0, 1]);
    ticking.goTo(s(2));
    expect(sites()).toEqual([1, 1]);
    anycast.announce(0);
    ticking.goTo(s(4));
    expect(sites()).toEqual([0, 1]);
  });

  test('a silent death waits for the hold time: 60 to 90 s, on average 75', () => {
    const runs = 400;
    const took = Array.from({ length: runs }, (_, seed) => {
      const { ticking, anycast } = setUp({ convergence: constant(0) }, seed);
      ticking.goTo(s(1000));
      anycast.fallSilent(0);
      let afterUs = 0;
      while (anycast.siteOf(0) === 0) ticking.goTo(s(1000) + (afterUs += ms(100)));
      return afterUs / s(1);
    });
    expect(Math.min(...took)).toBeGreaterThan(60);
    expect(Math.max(...took)).toBeLessThanOrEqual(90.1);
    // Uniform over 30 s: the mean of 400 has standard deviation 30 / sqrt(12) / 20 = 0.43; five of them, and half a step.
    expect(Math.abs(took.reduce((sum, one) => sum + one, 0) / runs - 75.05)).toBeLessThan(2.2);
  });

  test('with BFD it takes three intervals', () => {
    const { ticking, anycast, sites } = setUp({
      sessions: { ...SPEC.sessions, bfd: { intervalUs: ms(300), multiplier: 3 } },
    });
    anycast.fallSilent(0);
    ticking.goTo(ms(900) + s(2) - 1);
    expect(sites()).toEqual([0, 1]);
    ticking.goTo(ms(900) + s(2));
    expect(sites()).toEqual([1, 1]);
  });

  test('a site that speaks again before the hold time is over was never missed', () => {
    const { ticking, anycast, sites } = setUp();
    anycast.fallSilent(0);
    ticking.goTo(s(50));
    anycast.announce(0);
    ticking.goTo(s(200));
    expect(sites()).toEqual([0, 1]);
  });

  test('networks hear of a change at times of their own', () => {
    const { ticking, anycast, sites } = setUp({
      preferences: Array.from({ length: 2 }, () => [0, 1]),
      convergence: { kind: 'uniform', minUs: s(1), maxUs: s(30) },
    });
    anycast.withdraw(0);
    const seen = new Set<string>();
    for (let at = 0; at <= 30; at++) {
      ticking.goTo(s(at));
      seen.add(sites().join());
    }
    expect([...seen]).toHaveLength(3);
    expect(sites()).toEqual([1, 1]);
  });

  test('the last of several changes in a row is what counts', () => {
    const { ticking, anycast, sites } = setUp();
    anycast.withdraw(0);
    ticking.goTo(s(1));
    anycast.announce(0);
    ticking.goTo(s(10));
    expect(sites()).toEqual([0, 1]);
  });

  test('it tells of each move, and of nothing else', () => {
    const { ticking, anycast, moves } = setUp();
    anycast.withdraw(2);
    ticking.goTo(s(5));
    expect(moves).toEqual([]);
    anycast.withdraw(0);
    ticking.goTo(s(10));
    expect(moves).toEqual([s(7)]);
  });

  test('nobody is reached when no route is left', () => {
    const { ticking, anycast, sites } = setUp();
    for (const site of [0, 1, 2]) anycast.withdraw(site);
    ticking.goTo(s(3));
    expect(sites()).toEqual([-1, -1]);
  });
});
