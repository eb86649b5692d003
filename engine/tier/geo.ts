/**
 * GeoDNS: the nearest healthy site, as seen from who asks: the recursive resolver, unless it passes a part of the client's address on (ECS).
 *
 * Cost: O(sites log sites) an answer, no memory.
 *
 * Fails when: the resolver is far from its users, as public ones may be: they get the site that is near the resolver. Distance knows no capacity: when
 * a site dies all its traffic goes to the one site next to it. And caches keep the dead site until their TTL is over.
 *
 * Source: the definition itself; ECS is RFC 7871.
 *
 * Real systems: Route 53 and others also map countries to sites by hand, with a default for the rest; where two sites are equally near they differ.
 */
import type { Resolver } from '../core/policy.ts';
import { answerable, byDistance, idsOf, TTL_US } from './sites.ts';

export interface GeoOptions {
  readonly ttlUs?: number;
  /** So many addresses in one answer, nearest first. */
  readonly answers?: number;
}

export function geo({ ttlUs = TTL_US, answers = 1 }: GeoOptions = {}): Resolver {
  return {
    resolve(sites, distancesUs) {
      const nearest = byDistance(answerable(sites), distancesUs);
      return { sites: idsOf(sites, nearest.slice(0, answers)), ttlUs };
    },
  };
}
