/**
 * HAProxy's static round robin: a table that holds each server as often as its weight says, spread out, and is walked from slot to slot. Weights 5, 3, 2
 * give a a b a c a b a b c.
 *
 * The table is built when a server goes or comes, and the walk goes on at the same slot of the new one, or at the first if there is no such slot. A weight
 * stays what it was at first: HAProxy refuses to change it while running, save for 0 % and 100 %, which take the server out and put it back. A full
 * server is passed over, and on a retry the one that just failed while there is another.
 *
 * Cost: O(1) a pick while nobody is full; O(n + total of weights) a change of the pool; 4 bytes a slot.
 *
 * Fails when: weights are large and share no divisor, for the table has their sum of slots; when weights should follow load, for they cannot.
 *
 * Source: HAProxy, lb_map.c; test/conformance replays recorded picks.
 *
 * Real systems: `balance static-rr`. The same table answers `hash-type map-based`.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { haproxyMap } from './haproxy-map.ts';

export function haproxyStaticRr(): Picker {
  const weights = new WeakMap<Backend, number>();
  let configured: readonly Backend[] | undefined;
  let map: Int32Array = new Int32Array(0);
  /** Slots of HAProxy's table. It divides weights by the divisor of all servers, also of those that are out, so it may hold ours several times over. */
  let slots = 0;
  let at = 0;

  function weightOf(backend: Backend): number {
    const known = weights.get(backend);
    if (known !== undefined) return known;
    const weight = Math.max(1, Math.round(backend.weight));
    weights.set(backend, weight);
    return weight;
  }

  return {
    skipsFull: true,
    onMembersChange(members) {
      configured = members.slice();
    },
    onPoolChange(backends) {
      const present = backends.map(weightOf);
      map = haproxyMap(present);
      const total = present.reduce((sum, weight) => sum + weight, 0);
      slots = total / (configured ?? backends).reduce((common, backend) => divisor(weightOf(backend), common), 0);
    },
    pick(backends, { tried }) {
      const unwanted = tried.length === 0 ? undefined : tried[tried.length - 1];
      if (at >= slots) at = 0;
      let avoided: Backend | undefined;
      let behindAvoided = 0;
      let next = at;
      do {
        const backend = backends[map[next % map.length]!]!;
        next += 1;
        if (!backend.full) {
          // The place behind the last slot is kept as such: in a longer table the walk goes on there.
          if (backend !== unwanted) {
            at = next;
            return backend;
          }
          avoided = backend;
          behindAvoided = next;
        }
        if (next === slots) next = 0;
      } while (next !== at);
      if (avoided !== undefined) at = behindAvoided;
      return avoided;
    },
  };
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
