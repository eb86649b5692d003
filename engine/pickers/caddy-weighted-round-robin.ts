/**
 * Caddy's weighted round robin: turns in blocks, from the second turn of the first. Weights 3, 2, 1 give a a b b c a.
 *
 * A counter that moves on before it is used, modulo the total of all configured weights, falls into the block of one backend; the number of that block,
 * modulo how many are available, is an index into the available ones. So while somebody is out the blocks belong to others: with weights 5, 1, 1 and the
 * first one out, the second has the block of 5. A weight is a whole number.
 *
 * Cost: O(n) a pick, as the available ones are counted each time (so does Caddy); O(n) a change of the pool, memory for one number a backend.
 *
 * Fails when: one backend is out, and shares shift to its neighbours in the list; when a heavy backend is small, its block is a burst.
 *
 * Source: Caddy, selectionpolicies.go (WeightedRoundRobinSelection).
 *
 * Real systems: Caddy's weighted_round_robin, since 2.7.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { Configured } from './configured.ts';

export function caddyWeightedRoundRobin(): Picker {
  const pool = new Configured();
  let counter = 0;
  /** Where the block of each configured backend ends. */
  let ends = new Float64Array(0);

  function setOut(): void {
    let end = 0;
    ends = Float64Array.from(pool.list, ({ weight }) => (end += Math.round(weight)));
  }

  return {
    skipsFull: true,
    onMembersChange(members) {
      pool.configure(members);
      setOut();
    },
    onPoolChange(backends) {
      pool.offer(backends);
      setOut();
    },
    pick(backends) {
      counter += 1;
      const block = firstAbove(ends, counter % ends[ends.length - 1]!);
      return fromAvailable(backends, block);
    },
  };
}

/** The index of the first that is above `value`. */
function firstAbove(ends: Float64Array, value: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function fromAvailable(backends: readonly Backend[], block: number): Backend | undefined {
  let available = 0;
  for (let i = 0; i < backends.length; i += 1) if (!backends[i]!.full) available += 1;
  if (available === 0) return undefined;
  if (available === backends.length) return backends[block % available];
  let steps = block % available;
  return backends.find((backend) => !backend.full && steps-- === 0);
}
