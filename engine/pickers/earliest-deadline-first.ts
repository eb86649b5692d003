/**
 * Earliest deadline first: each backend has a deadline, and the earliest is served; its next one is 1 / weight later. Weights 5, 1, 1 give
 * a a a a b c a.
 *
 * Among equal deadlines the one set first is served first. A backend is weighed when it goes back into the queue, so a changed weight takes effect after its
 * next turn; a changed membership builds the queue anew. If all weights are equal there is no queue: the backends rotate by a bare counter.
 *
 * So that balancers which start together do not all begin with the same backend, each draws a number once and begins as if it had made so many picks:
 * most of them by arithmetic, fewer than n one by one.
 *
 * Cost: O(log n) a pick, O(1) with equal weights; O(n log n) when the membership changes; about 30 bytes a backend.
 *
 * Fails when: a weight is large among small ones. Its turns come in a row, n small ones do too; smooth weighted round robin mixes better. It looks at no load.
 *
 * Source: Envoy, the EDF scheduler and round robin load balancer.
 *
 * Real systems: Envoy ROUND_ROBIN. Traefik's queue has no order among equal deadlines but that of its line, and keeps its down servers in it; that form is
 * traefik-weighted-round-robin. Go and Java's gRPC used such a queue before static stride.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { DeadlineQueue } from './deadline-queue.ts';

/** As many picks as are imitated at most, a tenth of 2^32. */
const MOST_PICKS = 429_496_729;
/** Added to each weight while picks are imitated, so that weights which are multiples of each other do not tie by a rounding error. */
const EPSILON = 1e-13;
const TWO_32 = 0x1_0000_0000;

interface Options {
  /** `first`: each queue begins as the definition says, with the heaviest backend, and equal weights with the first. `random` unless given. */
  readonly start?: 'random' | 'first';
}

export function earliestDeadlineFirst({ start = 'random' }: Options = {}): Picker {
  let members: readonly Backend[] = [];
  /** Undefined: all weights are equal. */
  let queue: DeadlineQueue | undefined;
  let seed: number | undefined;
  let counter = 0;

  function next(line: DeadlineQueue): number {
    const slot = line.first;
    line.place(slot, line.deadlineOf(slot) + 1 / members[slot]!.weight);
    return slot;
  }

  function freshQueue(): DeadlineQueue {
    const line = new DeadlineQueue(members.length);
    members.forEach(({ weight }, slot) => line.place(slot, 1 / weight));
    return line;
  }

  /** The queue as it stands after so many picks. */
  function queueAfter(picks: number): DeadlineQueue {
    const line = new DeadlineQueue(members.length);
    const sum = members.reduce((total, { weight }) => total + weight + EPSILON, 0);
    let done = 0;
    members.forEach(({ weight: configured }, slot) => {
      const weight = configured + EPSILON;
      let turns = Math.floor((weight * picks) / sum);
      // Rounding can count one turn too many: it would lie at or behind the end of the picks.
      if (turns > 0 && turns / weight >= picks / sum) turns -= 1;
      line.place(slot, (turns + 1) / weight);
      done += turns;
    });
    for (; done < picks; done += 1) next(line);
    return line;
  }

  return {
    onPoolChange(backends, ctx) {
      if (backends.length === 0) return;
      if (seed === undefined) {
        seed = start === 'first' ? 0 : ctx.rng.int(TWO_32);
        counter = seed;
      }
      const stays = backends.length === members.length && backends.every((backend, slot) => backend === members[slot]);
      if (stays && queue !== undefined) return;
      members = backends.slice();
      const equal = members.every(({ weight }) => weight === members[0]!.weight);
      if (equal) queue = undefined;
      else queue = start === 'first' ? freshQueue() : queueAfter(seed % MOST_PICKS);
    },
    pick() {
      if (queue !== undefined) return members[next(queue)];
      const slot = counter % members.length;
      counter += 1;
      return members[slot];
    },
  };
}
