/**
 * Each node hashes a flow with a seed of its own and takes the backend at that place: a local choice, which no other node makes alike, and without a memory.
 *
 * Cost: O(1) a packet, one number of memory.
 *
 * Fails when: a flow comes to another node, or the number of backends changes: then nearly every flow meets a backend that does not know it, (n - 1) / n of them.
 *
 * Source: what is left of an L4 balancer without table and without consistent hashing; Maglev (Eisenbud et al., NSDI 2016) begins with why that is not enough.
 *
 * Real systems: none stays with it; the figure of the lesson on scaling the tier begins with it.
 */
import { flowHash, takersOf } from '../core/flow.ts';
import type { FlowTable } from '../core/policy.ts';

export function privateHash(): FlowTable {
  let seed: number | undefined;
  return {
    lookup(flow, _opening, backends, ctx) {
      seed ??= ctx.rng.int(SEEDS);
      const takers = takersOf(backends);
      return takers[flowHash(flow, seed) % takers.length];
    },
  };
}

const SEEDS = 0x1_0000_0000;
