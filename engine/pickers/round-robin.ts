/**
 * Round robin: the backends take turns in the order of the pool.
 *
 * The place in the circle is kept as the backend that is due, not as an index: when the pool changes, the turn stays with it, or passes to the
 * next one of the old circle that is still there. So between two turns of one backend, each other that stayed eligible has exactly one.
 * A bare counter modulo the length loses this: every change of the length makes it jump. (DECISIONS.md, 8)
 *
 * Cost: O(1) a pick, O(n) a change of the pool, memory for one copy of the list.
 *
 * Fails when: requests or backends are unequal. Turns are equal, work is not: a slow backend keeps its turn and its queue grows. Balancers that
 * start together pick in step, and a newly started one begins at the first backend.
 *
 * Source: the definition itself; nginx's default with equal weights gives the same sequence.
 *
 * Real systems: Envoy with equal weights starts at a random place for that reason. Caddy begins with the second backend, and passes the turn
 * of a dead one to its neighbour, who then serves twice. nginx keeps one place per worker process unless the upstream has a `zone`.
 */
import type { Backend, Picker } from '../core/policy.ts';

export function roundRobin(): Picker {
  let circle: readonly Backend[] = [];
  let due = 0;

  return {
    onPoolChange(backends) {
      // An empty pool keeps the old circle: the turn goes on where it stopped when somebody comes back.
      if (backends.length === 0) return;
      due = placeOfNext(circle, due, backends);
      circle = backends.slice();
    },
    pick(backends) {
      const chosen = backends[due];
      due = due + 1 < backends.length ? due + 1 : 0;
      return chosen;
    },
  };
}

/** Index in `after` of the first backend of `before`, counted round from `due`, that is still there; 0 if none is. */
function placeOfNext(before: readonly Backend[], due: number, after: readonly Backend[]): number {
  const places = new Map(after.map((backend, place) => [backend, place]));
  for (let turn = 0; turn < before.length; turn += 1) {
    const place = places.get(before[(due + turn) % before.length]!);
    if (place !== undefined) return place;
  }
  return 0;
}
