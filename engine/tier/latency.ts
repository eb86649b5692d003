/**
 * Latency routing: the healthy site with the shortest round trip, and those within `slackUs` of it take turns. Whoever is as good as nearest shares the
 * load, so a border between two regions does not put a whole country on one of them.
 *
 * Cost: O(sites) an answer, one number of memory.
 *
 * Fails when: the round trips are those of the resolver and not of its users, or were measured weeks ago. It knows no capacity either.
 *
 * Source: the definition itself.
 *
 * Real systems: Route 53 compares averages that it has measured between networks and its regions over weeks, and has no slack.
 */
import type { Resolver } from '../core/policy.ts';
import { answerable, idsOf, TTL_US } from './sites.ts';

export interface LatencyOptions {
  readonly ttlUs?: number;
  readonly slackUs?: number;
}

export function latency({ ttlUs = TTL_US, slackUs = 0 }: LatencyOptions = {}): Resolver {
  let turn = 0;

  return {
    resolve(sites, distancesUs) {
      const there = answerable(sites);
      const leastUs = there.reduce((least, site) => Math.min(least, distancesUs[site]!), Infinity);
      const near = there.filter((site) => distancesUs[site]! <= leastUs + slackUs);
      return { sites: idsOf(sites, [near[turn++ % near.length]!]), ttlUs };
    },
  };
}
