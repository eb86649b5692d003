/**
 * Round-robin DNS: the answer holds the addresses of all healthy sites, and each answer begins with the next one. Clients take the first address, so
 * sites get equal numbers of caches.
 *
 * Cost: O(sites) an answer, one number of memory.
 *
 * Fails when: caches stand for unequal crowds: a turn of a large resolver counts as much as one of a household. And an address that has died is used until
 * the last cache has let go of it, as nobody but the health check behind the name knows.
 *
 * Source: RFC 1794.
 *
 * Real systems: plain zone files rotate without any health check (BIND: `rrset-order`); Route 53's multivalue answers check, and give up to eight.
 */
import type { Resolver } from '../core/policy.ts';
import { answerable, idsOf, TTL_US } from './sites.ts';

export interface RoundRobinDnsOptions {
  readonly ttlUs?: number;
  /** At most so many addresses in one answer. */
  readonly answers?: number;
}

export function roundRobinDns({ ttlUs = TTL_US, answers = 8 }: RoundRobinDnsOptions = {}): Resolver {
  let turn = 0;

  return {
    resolve(sites) {
      const there = idsOf(sites, answerable(sites));
      const first = turn++ % there.length;
      return { sites: [...there.slice(first), ...there.slice(0, first)].slice(0, answers), ttlUs };
    },
  };
}
