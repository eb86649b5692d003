/**
 * Failover pools: sites in groups, in order. The first group with a healthy site answers with all its healthy sites in turns; the last one stands in, healthy or
 * not, when nobody is.
 *
 * Cost: O(sites) an answer, one number of memory.
 *
 * Fails when: the second group has never carried the traffic it gets: cold caches, old deployments, less room. And both ways cost a TTL: a group that goes up
 * and down moves everybody each time.
 *
 * Source: the definition itself.
 *
 * Real systems: Route 53 has two groups, primary and secondary; Cloudflare any number, with a fallback pool that is used whatever its health.
 */
import type { Resolver, Site } from '../core/policy.ts';
import { idsOf, TTL_US } from './sites.ts';

export interface FailoverPoolsOptions {
  readonly ttlUs?: number;
  /** Ids of sites. Absent: each site by itself, in the order of the scenario. */
  readonly pools?: readonly (readonly string[])[];
}

export function failoverPools({ ttlUs = TTL_US, pools }: FailoverPoolsOptions = {}): Resolver {
  let turn = 0;

  return {
    resolve(sites) {
      const groups = pools ?? sites.map(({ id }) => [id]);
      const there = groups.map((group) => members(sites, group)).filter((group) => group.length > 0);
      const active = there.find((group) => group.some((site) => sites[site]!.healthy));
      // No group names a site that is there: the sites themselves are all there is to answer with.
      const answer = active?.filter((site) => sites[site]!.healthy) ?? there.at(-1) ?? [...sites.keys()];
      const first = turn++ % answer.length;
      return { sites: idsOf(sites, [...answer.slice(first), ...answer.slice(0, first)]), ttlUs };
    },
  };
}

function members(sites: readonly Site[], group: readonly string[]): number[] {
  return group.map((id) => sites.findIndex((site) => site.id === id)).filter((site) => site >= 0);
}
