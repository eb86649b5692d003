/**
 * HAProxy's round robin: each server has a next position, which each of its picks moves on by total / weight, the remainder carried. The earliest position
 * is served. Weights 5, 1, 1 give a a a b a a c.
 *
 * Weights count in sixteenths. Three trees hold the servers: `init`, those that had no turn yet in this round, heaviest first; `current`, by next position,
 * equal ones heaviest first; `next`, those whose position lies beyond the round. `current` is served while it has somebody due, `init` fills the holes, and when
 * both are empty, the round is over and `next` becomes `init`. A weight that changes while running takes a place between its last position and its new
 * step; a server that comes up is placed one step from the end of the round. A full one is passed over and keeps its rhythm; on a retry the one that just
 * failed is avoided while there is another.
 *
 * Cost: O(log n) a pick, O(n + changes x log n) a change of the pool; about 100 bytes a backend.
 *
 * Fails when: like every rotation, it looks at no load. HAProxy 3 has one set of trees per group of threads, and these know nothing of each other.
 *
 * Source: HAProxy, lb_fwrr.c (fast weighted round robin); test/conformance replays recorded picks. Each change of the pool is
 * taken up when it happens: one that leaves before another comes seats it otherwise than after.
 *
 * Real systems: `balance roundrobin`, the default until 3.2. It is limited to 4095 servers, since positions there have 32 bits; here they have 53.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { DeadlineQueue } from './deadline-queue.ts';

const SIXTEENTHS = 16;
/** The greatest weight that HAProxy knows, and the same in sixteenths. */
const GREATEST = 256;
const GREATEST_EFFECTIVE = GREATEST * SIXTEENTHS;

/** Where a backend stood when it left: it goes on from there if it comes back. */
interface Left {
  readonly next: number;
  readonly last: number;
  readonly rest: number;
}

export function haproxyRoundRobin(): Picker {
  let members: readonly Backend[] = [];
  let slots = new Map<Backend, number>();
  let init = new DeadlineQueue(0);
  let current = new DeadlineQueue(0);
  let next = new DeadlineQueue(0);

  let effective = new Float64Array(0);
  /** Next and last position, and what was left over from dividing total by weight. */
  let nextPosition = new Float64Array(0);
  let lastPosition = new Float64Array(0);
  let rest = new Float64Array(0);
  const left = new WeakMap<Backend, Left>();

  /** The position of the round, the total weight it was begun with, and the total weight by now. */
  let position = 0;
  let total = 0;
  let totalNow = 0;
  let begun = false;

  function waitForTurn(tree: DeadlineQueue, slot: number): void {
    tree.place(slot, GREATEST_EFFECTIVE - effective[slot]!);
  }

  function enqueue(slot: number): void {
    const at = nextPosition[slot]!;
    if (at >= 2 * total || at >= total + totalNow) {
      nextPosition[slot] = at - total;
      waitForTurn(next, slot);
      return;
    }
    const behind = Math.floor((GREATEST_EFFECTIVE + rest[slot]! - effective[slot]!) / SIXTEENTHS);
    current.place(slot, (GREATEST + 1) * at + behind);
  }

  function dequeue(slot: number): void {
    current.remove(slot);
    init.remove(slot);
    next.remove(slot);
  }

  /** The server whose turn it is; -1 if neither tree has one. */
  function due(): number {
    const first = current.first;
    if (first !== -1 && nextPosition[first]! <= position) return first;
    const fresh = init.first;
    if (fresh === -1) return first;
    nextPosition[fresh] = 0;
    rest[fresh] = 0;
    return fresh;
  }

  function advance(slot: number): void {
    const weight = effective[slot]!;
    if (nextPosition[slot] === 0) nextPosition[slot] = position;
    lastPosition[slot] = nextPosition[slot]!;
    const step = Math.floor(totalNow / weight);
    nextPosition[slot]! += step;
    rest[slot]! += totalNow - step * weight;
    if (rest[slot]! < weight) return;
    rest[slot]! -= weight;
    nextPosition[slot]! += 1;
  }

  function startRound(): void {
    [init, next] = [next, init];
    total = totalNow;
    position = total;
  }

  function comesUp(slot: number): void {
    totalNow += effective[slot]!;
    nextPosition[slot] = position + Math.trunc((totalNow + total - position) / effective[slot]!);
    enqueue(slot);
  }

  function changesWeight(slot: number, weight: number): void {
    totalNow += weight - effective[slot]!;
    effective[slot] = weight;
    if (init.has(slot)) {
      waitForTurn(init, slot);
      return;
    }
    if (next.has(slot)) nextPosition[slot]! += total;
    const step = Math.floor(totalNow / weight);
    rest[slot] = 0;
    nextPosition[slot] = Math.min(lastPosition[slot]! + step, nextPosition[slot]!);
    if (nextPosition[slot] < position + 2) nextPosition[slot] = position + step;
    dequeue(slot);
    enqueue(slot);
  }

  function goesDown(slot: number): void {
    totalNow -= effective[slot]!;
    dequeue(slot);
    left.set(members[slot]!, { next: nextPosition[slot]!, last: lastPosition[slot]!, rest: rest[slot]! });
  }

  /** Gives the columns and the trees the order of the new list. */
  function renumber(backends: readonly Backend[]): void {
    const before = slots;
    const numberOf = new Int32Array(members.length);
    const column = (old: Float64Array, of: 'next' | 'last' | 'rest' | undefined) =>
      Float64Array.from(backends, (backend) => {
        const slot = before.get(backend);
        if (slot !== undefined) return old[slot]!;
        return of === undefined ? 0 : (left.get(backend)?.[of] ?? 0);
      });
    effective = column(effective, undefined);
    nextPosition = column(nextPosition, 'next');
    lastPosition = column(lastPosition, 'last');
    rest = column(rest, 'rest');
    members = backends.slice();
    slots = new Map(members.map((backend, slot) => [backend, slot]));
    for (const [backend, slot] of before) numberOf[slot] = slots.get(backend) ?? -1;
    init = init.renumbered(numberOf, members.length);
    current = current.renumbered(numberOf, members.length);
    next = next.renumbered(numberOf, members.length);
  }

  return {
    skipsFull: true,
    hearsEachChange: true,
    onPoolChange(backends) {
      const before = slots;
      const present = new Set(backends);
      for (const [backend, slot] of before) if (!present.has(backend)) goesDown(slot);
      renumber(backends);
      members.forEach((backend, slot) => {
        const weight = effectiveOf(backend);
        if (before.has(backend)) {
          if (weight !== effective[slot]) changesWeight(slot, weight);
          return;
        }
        effective[slot] = weight;
        if (begun) comesUp(slot);
        else waitForTurn(init, slot);
      });
      if (begun) return;
      begun = true;
      totalNow = effective.reduce((sum, weight) => sum + weight, 0);
      total = totalNow;
      position = total;
    },
    pick(_backends, request) {
      const { tried } = request;
      const unwanted = tried.length === 0 ? undefined : tried[tried.length - 1];
      let avoided = -1;
      let chosen: number;
      let switched = false;
      let passed: number[] | undefined;
      for (;;) {
        if (total === 0) {
          total = totalNow;
          position = totalNow;
        }
        let slot = due();
        if (slot === -1 && !switched) {
          switched = true;
          startRound();
          slot = due();
        }
        if (slot === -1) {
          chosen = avoided;
          break;
        }
        advance(slot);
        dequeue(slot);
        position += 1;
        const backend = members[slot]!;
        if (!backend.full) {
          if (backend !== unwanted || avoided !== -1) {
            chosen = slot;
            break;
          }
          avoided = slot;
        }
        passed ??= [];
        passed.push(slot);
      }
      if (chosen !== -1) enqueue(chosen);
      // Those passed over keep their place; a new round has lost it, and they start that with their weight alone.
      for (let i = (passed?.length ?? 0) - 1; i >= 0; i -= 1) {
        const slot = passed![i]!;
        if (slot === chosen) continue;
        if (switched) waitForTurn(init, slot);
        else enqueue(slot);
      }
      return members[chosen];
    },
  };
}

/** In sixteenths, at least one. */
function effectiveOf({ weight }: Backend): number {
  return Math.max(1, Math.round(weight * SIXTEENTHS));
}
