/**
 * Traefik's weighted round robin: earliest deadline first, with no order among equal deadlines but the one its heap happens to have. Weights 5, 1, 1 give
 * a a a a c a b.
 *
 * Servers that are down stay in the queue: they come up, are passed over and get their next deadline, so a server that returns has no arrears and no
 * burst. A weight is read when the server goes back. A member that joins or leaves is a new configuration and a new queue.
 *
 * With `nested` the servers of a zone are one child service of weight 1, each with a queue of its own. A child is down only when its last server is, and
 * the others then have its share; while one server is left, it has the share of all.
 *
 * Cost: O(log n) a pick, for each server that is down and comes up as much again; O(n log n) for a new configuration.
 *
 * Fails when: as earliest deadline first does. Equal weights do not go round in the order of the pool, which surprises who reads logs.
 *
 * Source: Traefik, pkg/server/service/loadbalancer/wrr, on Go's container/heap.
 *
 * Real systems: Traefik's default, for servers and for weighted services.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { Configured } from './configured.ts';

interface Options {
  readonly nested?: boolean;
}

export function traefikWeightedRoundRobin({ nested = false }: Options = {}): Picker {
  const pool = new Configured();
  /** The servers of each child, as places in the pool; one child with all of them unless nested. */
  let children: readonly (readonly number[])[] = [];
  let queues: readonly GoHeap[] = [];
  let top = new GoHeap([]);
  let childIsUp: readonly boolean[] = [];

  function serverOf(child: number): Backend {
    const places = children[child]!;
    const at = queues[child]!.next(
      (index) => pool.isIn(places[index]!),
      (index) => pool.list[places[index]!]!.weight,
    );
    return pool.list[places[at]!]!;
  }

  function setOut(): void {
    const groups = new Map<string, number[]>();
    pool.list.forEach(({ zone }, place) => {
      const key = nested ? zone : '';
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [place]);
      else group.push(place);
    });
    children = [...groups.values()];
    queues = children.map((places) => new GoHeap(places.map((place) => pool.list[place]!.weight)));
    top = new GoHeap(children.map(() => 1));
  }

  return {
    onMembersChange(members) {
      if (pool.configure(members)) setOut();
    },
    onPoolChange(backends) {
      if (pool.offer(backends)) setOut();
      childIsUp = children.map((places) => places.some((place) => pool.isIn(place)));
    },
    pick() {
      if (children.length === 1) return serverOf(0);
      return serverOf(
        top.next(
          (child) => childIsUp[child]!,
          () => 1,
        ),
      );
    },
  };
}

/** Go's container/heap, swap for swap: with equal deadlines the layout decides, so the moves have to be the same. */
class GoHeap {
  readonly #row: Int32Array;
  readonly #deadlines: Float64Array;

  constructor(weights: readonly number[]) {
    this.#row = new Int32Array(weights.length);
    this.#deadlines = Float64Array.from(weights, (weight) => 1 / weight);
    weights.forEach((_, index) => {
      this.#row[index] = index;
      this.#up(index);
    });
  }

  /** The first that is up; it, and each one before it that is down, goes back with its next deadline. At least one must be up. */
  next(isUp: (index: number) => boolean, weightOf: (index: number) => number): number {
    const last = this.#row.length - 1;
    for (;;) {
      // Pop: the last takes the place of the first and sinks among the others. Push: the one popped rises from the end.
      this.#swap(0, last);
      this.#down(last);
      const index = this.#row[last]!;
      this.#deadlines[index]! += 1 / weightOf(index);
      this.#up(last);
      if (isUp(index)) return index;
    }
  }

  #less(one: number, other: number): boolean {
    return this.#deadlines[this.#row[one]!]! < this.#deadlines[this.#row[other]!]!;
  }

  #swap(one: number, other: number): void {
    const held = this.#row[one]!;
    this.#row[one] = this.#row[other]!;
    this.#row[other] = held;
  }

  #up(from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#less(at, above)) return;
      this.#swap(above, at);
      at = above;
    }
  }

  /** Lets the first sink among the first `size`. */
  #down(size: number): void {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= size) return;
      if (below + 1 < size && this.#less(below + 1, below)) below += 1;
      if (!this.#less(below, at)) return;
      this.#swap(at, below);
      at = below;
    }
  }
}
