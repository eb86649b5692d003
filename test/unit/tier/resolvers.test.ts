import { describe, expect, test } from 'vitest';
import type { Resolver, Site } from '../../../engine/core/policy.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { failoverPools } from '../../../engine/tier/failover-pools.ts';
import { geo } from '../../../engine/tier/geo.ts';
import { gslb } from '../../../engine/tier/gslb.ts';
import { latency } from '../../../engine/tier/latency.ts';
import { roundRobinDns } from '../../../engine/tier/round-robin-dns.ts';
import { weighted } from '../../../engine/tier/weighted.ts';

const up = (id: string, loadRps = 0, capacityRps = 100): Site => ({ id, healthy: true, loadRps, capacityRps });
const down = (id: string): Site => ({ ...up(id), healthy: false });
const rng = new Prng(1);
const ask = (resolver: Resolver, sites: readonly Site[], distancesUs: readonly number[] = sites.map(() => 0)) =>
  resolver.resolve(sites, distancesUs, { nowUs: 0, rng }).sites;

/** How often each site stands first in `times` answers. */
function firsts(resolver: Resolver, sites: readonly Site[], times: number, distancesUs?: readonly number[]) {
  const counts: Record<string, number> = {};
  for (let time = 0; time < times; time++) {
    const [first] = ask(resolver, sites, distancesUs);
    counts[first!] = (counts[first!] ?? 0) + 1;
  }
  return counts;
}

describe('round-robin DNS', () => {
  test('answers all healthy sites, each time beginning with the next', () => {
    const resolver = roundRobinDns();
    const sites = [up('a'), up('b'), down('c'), up('d')];
    expect([1, 2, 3, 4].map(() => ask(resolver, sites).join(''))).toEqual(['abd', 'bda', 'dab', 'abd']);
  });

  test('answers all when none is healthy', () => {
    expect(ask(roundRobinDns(), [down('a'), down('b')])).toEqual(['a', 'b']);
  });
});

describe('geo', () => {
  test('answers the nearest healthy site', () => {
    expect(ask(geo(), [up('a'), up('b'), up('c')], [30, 10, 20])).toEqual(['b']);
    expect(ask(geo(), [up('a'), down('b'), up('c')], [30, 10, 20])).toEqual(['c']);
  });

  test('answers several, nearest first, when asked for', () => {
    expect(ask(geo({ answers: 2 }), [up('a'), up('b'), up('c')], [30, 10, 20])).toEqual(['b', 'c']);
  });
});

describe('latency', () => {
  test('those within the slack of the best take turns', () => {
    const sites = [up('a'), up('b'), up('c')];
    expect(firsts(latency({ slackUs: 5 }), sites, 10, [10, 15, 16])).toEqual({ a: 5, b: 5 });
    expect(firsts(latency(), sites, 10, [10, 15, 16])).toEqual({ a: 10 });
  });
});

describe('weighted', () => {
  test('draws in proportion to the weights, and a weight of 0 gets nothing', () => {
    const counts = firsts(weighted({ weights: { a: 3, c: 0 } }), [up('a'), up('b'), up('c')], 4000);
    // Binomial, p = 3/4: standard deviation 27.4; five of them are passed once in two million.
    expect(Math.abs(counts.a! - 3000)).toBeLessThan(137);
    expect(counts.c).toBeUndefined();
  });

  test('all may come when all that are healthy weigh nothing', () => {
    const counts = firsts(weighted({ weights: { a: 0, b: 0 } }), [up('a'), up('b'), down('c')], 400);
    expect(Object.keys(counts).sort()).toEqual(['a', 'b']);
  });
});

describe('GSLB', () => {
  test('the nearest with room, then the next', () => {
    expect(ask(gslb(), [up('a', 100), up('b', 10)], [10, 20])).toEqual(['b']);
    expect(ask(gslb(), [up('a', 79), up('b', 10)], [10, 20])).toEqual(['a']);
  });

  test('between the two marks it passes a growing share on', () => {
    const half = firsts(gslb({ spillFrom: 0.8 }), [up('a', 90), up('b')], 4000, [10, 20]);
    // Binomial, p = 1/2: standard deviation 31.6, five of them 158.
    expect(Math.abs(half.b! - 2000)).toBeLessThan(158);
  });

  test('when nobody has room the least overloaded takes it', () => {
    expect(ask(gslb(), [up('a', 200), up('b', 150), down('c')], [10, 20, 5])).toEqual(['b']);
    expect(ask(gslb(), [up('a', 200, 0), up('b', 900)], [10, 20])).toEqual(['b']);
  });
});

describe('failover pools', () => {
  const pools = [['a', 'b'], ['c']];

  test('the first group with a healthy site answers, with its healthy sites in turns', () => {
    const resolver = failoverPools({ pools });
    expect(firsts(resolver, [up('a'), up('b'), up('c')], 4)).toEqual({ a: 2, b: 2 });
    expect(ask(resolver, [down('a'), up('b'), up('c')])).toEqual(['b']);
    expect(ask(resolver, [down('a'), down('b'), up('c')])).toEqual(['c']);
  });

  test('the last group stands in when nobody is healthy', () => {
    expect(ask(failoverPools({ pools }), [down('a'), down('b'), down('c')])).toEqual(['c']);
  });

  test('without groups each site is one, in the order of the scenario', () => {
    expect(ask(failoverPools(), [down('a'), up('b'), up('c')])).toEqual(['b']);
  });
});
