/**
 * Weighted answers: each answer is one healthy site, drawn in proportion to its weight. For moving traffic by hand: 5 % to a new region, nothing to one
 * that is to be empty.
 *
 * Cost: O(sites) and one draw an answer, no memory.
 *
 * Fails when: few caches stand for many users: shares are shares of answers. A weight that changes takes a TTL to arrive.
 *
 * Source: the definition itself.
 *
 * Real systems: Route 53 gives a site of weight 0 nothing unless all weigh 0; then all are as likely. So does this one.
 */
import type { Resolver } from '../core/policy.ts';
import { answerable, idsOf, TTL_US } from './sites.ts';

export interface WeightedOptions {
  readonly ttlUs?: number;
  /** By site; 1 for a site that is not named. */
  readonly weights?: Readonly<Record<string, number>>;
}

export function weighted({ ttlUs = TTL_US, weights = {} }: WeightedOptions = {}): Resolver {
  return {
    resolve(sites, _, { rng }) {
      const there = answerable(sites);
      const shares = there.map((site) => weights[sites[site]!.id] ?? 1);
      const total = shares.reduce((sum, share) => sum + share, 0);
      if (total === 0) return { sites: idsOf(sites, [there[rng.int(there.length)]!]), ttlUs };
      let point = rng.float() * total;
      const drawn = shares.findIndex((share) => (point -= share) < 0);
      // Sums of fractions may miss the total by a rounding.
      const chosen = drawn >= 0 ? drawn : shares.findLastIndex((share) => share > 0);
      return { sites: idsOf(sites, [there[chosen]!]), ttlUs };
    },
  };
}
