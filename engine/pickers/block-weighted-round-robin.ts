/**
 * Weighted round robin in blocks: each backend in turn gets as many requests in a row as its weight says. Weights 5, 1, 1 give a a a a a b c.
 *
 * The naive form, kept for what it teaches: the shares are right, the order is not. Weights are whole numbers. A change of the pool ends
 * the block of a backend that left; a backend whose weight changed has the new number of turns, those already taken included.
 *
 * Cost: O(1) a pick, O(n) a change of the pool, memory for one copy of the list.
 *
 * Fails when: a heavy backend is small. Its turns arrive as a burst that waits for itself, then it idles; smooth weighted round robin spreads them.
 *
 * Source: the definition itself.
 *
 * Real systems: Caddy's weighted_round_robin goes in blocks, and starts with the second turn of the first (0 0 1 1 2 0 for weights 3, 2, 1).
 */
import { invariant } from '../core/invariant.ts';
import type { Backend, Picker } from '../core/policy.ts';

export function blockWeightedRoundRobin(): Picker {
  let circle: readonly Backend[] = [];
  let place = 0;
  let taken = 0;

  return {
    onPoolChange(backends) {
      if (backends.length === 0) return;
      for (const { id, weight } of backends)
        invariant(
          Number.isInteger(weight),
          `block-weighted-round-robin: weights must be whole numbers, found ${weight} on ${id}`,
        );
      const current = circle[place];
      const after = current === undefined ? -1 : backends.indexOf(current);
      if (after === -1) taken = 0;
      place = after === -1 ? place % backends.length : after;
      circle = backends.slice();
    },
    pick(backends) {
      if (taken >= backends[place]!.weight) {
        place = place + 1 < backends.length ? place + 1 : 0;
        taken = 0;
      }
      taken += 1;
      return backends[place];
    },
  };
}
