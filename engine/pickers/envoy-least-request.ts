/**
 * Least request as Envoy has it: two different algorithms under one name.
 *
 * Equal weights: `choices` backends (2) are drawn with replacement; a later one wins only with fewer requests in flight. With `fullScan` all are looked at,
 * ties by reservoir.
 *
 * Unequal weights, or a `bias` that is set: earliest deadline first with the weight w / (requests in flight + 1)^bias, which is reckoned when a backend is put back after its
 * pick: a change of load takes effect one turn late. A bias of 0 is weighted round robin. The first pick is at a random place of the first round.
 *
 * Cost: O(1) a pick with equal weights, O(n) with `fullScan`; else O(log n) a pick, O(n log n) a change of the pool, 24 bytes and a Map entry a backend.
 *
 * Fails when: choices are few and one backend is slow: drawn twice with probability 1 / n^2, the busiest is chosen all the same. By deadline, a backend that was idle
 * when it was put back gets its next turns however busy it is by then (Envoy, issue 3284: bursts).
 *
 * Source: Envoy, least_request_lb.cc and edf_scheduler.h. Real systems: gRPC least_request is the first half.
 */
import { exp, ln } from '../core/maths.ts';
import type { Backend, Context, Picker } from '../core/policy.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { leastByScan } from './least-by-scan.ts';

export interface LeastRequestOptions {
  readonly choices?: number;
  readonly bias?: number;
  readonly fullScan?: boolean;
}

/** What a backend counts in the queue of deadlines. */
export function envoyEffectiveWeight(weight: number, inFlight: number, bias: number): number {
  if (bias === 0 || inFlight === 0) return weight;
  return weight / (bias === 1 ? inFlight + 1 : exp(bias * ln(inFlight + 1)));
}

export function envoyLeastRequest({ choices = 2, bias, fullScan = false }: LeastRequestOptions = {}): Picker {
  let members: readonly Backend[] = [];
  /** Undefined: the weights are equal. */
  let queue: DeadlineQueue | undefined;
  let nowDue = 0;
  /** Where the first round starts; drawn once. */
  let start: number | undefined;

  function putBack(at: DeadlineQueue, index: number): void {
    const { weight, inFlight } = members[index]!;
    at.place(index, nowDue + 1 / envoyEffectiveWeight(weight, inFlight, bias ?? 1));
  }

  function take(from: DeadlineQueue): number {
    const index = from.first;
    nowDue = from.deadlineOf(index);
    putBack(from, index);
    return index;
  }

  function rebuild({ rng }: Context): void {
    start ??= rng.int(0x100000000);
    const fresh = new DeadlineQueue(members.length);
    nowDue = 0;
    for (let index = 0; index < members.length; index += 1) putBack(fresh, index);
    for (let turns = start % members.length; turns > 0; turns -= 1) take(fresh);
    queue = fresh;
  }

  return {
    onPoolChange(backends, ctx) {
      const stays =
        backends.length === members.length && backends.every((backend, index) => backend === members[index]);
      // A changed weight counts from the next time its backend is put back: slow start would else send everybody back to the start with each of its steps.
      if (stays && queue !== undefined) return;
      members = backends.slice();
      queue = undefined;
      if (members.length > 0 && (bias !== undefined || members.some(({ weight }) => weight !== members[0]!.weight)))
        rebuild(ctx);
    },
    pick(backends, _request, { rng }) {
      if (queue !== undefined) return members[take(queue)];
      if (fullScan) return leastByScan(backends, rng);
      let best = backends[rng.int(backends.length)]!;
      for (let drawn = 1; drawn < choices; drawn += 1) {
        const other = backends[rng.int(backends.length)]!;
        if (other.inFlight < best.inFlight) best = other;
      }
      return best;
    },
  };
}
