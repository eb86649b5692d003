/**
 * Global server load balancing: the nearest healthy site that has room, and what it has no room for spills to the next nearest. From `spillFrom` of its
 * capacity on a site passes on a share of the answers that grows to all of them at its capacity. When nobody has room, who is least overloaded takes it:
 * an empty answer would turn everybody away.
 *
 * Cost: O(sites log sites) and at most one draw a site, no memory.
 *
 * Fails when: loads are old. A site tells what it had a while ago, and what was answered since arrives up to a TTL later; with a long TTL the spill comes late, then
 * overshoots. A short TTL and a low `spillFrom` are the remedy.
 *
 * Source: the definition itself; overflow to the next nearest is what Envoy calls priority spill and Google's "waterfall by region".
 *
 * Real systems: they differ in what a load is: requests a second, CPU, or the number of clients sent there.
 */
import type { Resolver, Rng, Site } from '../core/policy.ts';
import { answerable, byDistance, idsOf, TTL_US } from './sites.ts';

export interface GslbOptions {
  readonly ttlUs?: number;
  /** The share of its capacity above which a site begins to pass on. */
  readonly spillFrom?: number;
}

export function gslb({ ttlUs = TTL_US, spillFrom = 0.8 }: GslbOptions = {}): Resolver {
  return {
    resolve(sites, distancesUs, { rng }) {
      const there = byDistance(answerable(sites), distancesUs);
      const chosen = there.find((site) => takes(sites[site]!, spillFrom, rng)) ?? leastLoaded(sites, there);
      return { sites: idsOf(sites, [chosen]), ttlUs };
    },
  };
}

function takes(site: Site, spillFrom: number, rng: Rng): boolean {
  const use = useOf(site);
  if (use >= 1) return false;
  return use < spillFrom || rng.float() >= (use - spillFrom) / (1 - spillFrom);
}

function useOf({ loadRps, capacityRps }: Site): number {
  return capacityRps > 0 ? loadRps / capacityRps : Infinity;
}

/** The nearest of those that are equally loaded. */
function leastLoaded(sites: readonly Site[], nearest: readonly number[]): number {
  return nearest.reduce((best, site) => (useOf(sites[site]!) < useOf(sites[best]!) ? site : best));
}
