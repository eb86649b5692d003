/**
 * Caddy's round robin: a counter that moves on before it is used, modulo the configured pool. The first pick is the second backend.
 *
 * The counter runs over the whole pool, also over those that are out; whoever is out costs a step and passes its turn to the next.
 *
 * Cost: O(1) a pick while nobody is out, O(those out in a row) else; O(n) a change of the pool.
 *
 * Fails when: as round robin does; and one neighbour has the whole load of each backend that is out.
 *
 * Source: Caddy, selectionpolicies.go (RoundRobinSelection); test/conformance replays recorded picks.
 *
 * Real systems: Caddy's round_robin.
 */
import type { Picker } from '../core/policy.ts';
import { Configured } from './configured.ts';

export function caddyRoundRobin(): Picker {
  const pool = new Configured();
  let counter = 0;

  return {
    skipsFull: true,
    onMembersChange(members) {
      pool.configure(members);
    },
    onPoolChange(backends) {
      pool.offer(backends);
    },
    pick() {
      const { list } = pool;
      for (let steps = 0; steps < list.length; steps += 1) {
        counter += 1;
        const at = counter % list.length;
        if (pool.isIn(at) && !list[at]!.full) return list[at];
      }
      return undefined;
    },
  };
}
