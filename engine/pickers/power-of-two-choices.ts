/**
 * Power of two choices: draw two different backends, take the one with fewer requests in flight; on a tie, the one drawn first.
 *
 * The second draw is from the n - 1 others: an index at or above the first moves up by one, which makes every pair equally likely. So the
 * busiest backend, if there is just one, is never chosen. Drawn with replacement, as Envoy does, it still is with probability 1 / n^2. (DECISIONS.md, 10)
 *
 * Cost: O(1) a pick with two draws, no rebuild, no memory.
 *
 * Fails when: the pool is large and quiet: most pairs tie at 0 and it is plain random. Like least connections it takes fast errors for speed.
 *
 * Source: Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 12(10), 2001: the fullest of n backends falls from
 * about ln n / ln ln n to about log2 ln n. Finagle's P2C draws the same pairs.
 *
 * Real systems: Envoy LEAST_REQUEST and gRPC least_request draw with replacement (gRPC A48). Traefik moves a repeated draw to the next index,
 * which doubles the chance of neighbours. nginx `random two least_conn` draws distinct ones by weight. HAProxy's default is two draws on its ring.
 */
import type { Picker } from '../core/policy.ts';

export function powerOfTwoChoices(): Picker {
  return {
    pick(backends, _request, ctx) {
      const first = ctx.rng.int(backends.length);
      if (backends.length === 1) return backends[first];
      const among = ctx.rng.int(backends.length - 1);
      const second = among < first ? among : among + 1;
      return backends[second]!.inFlight < backends[first]!.inFlight ? backends[second] : backends[first];
    },
  };
}
