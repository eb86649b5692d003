/**
 * Least connections as HAProxy has it (`leastconn`): the smallest key, 0 for an idle server, else floor((requests in flight + 1) · 4096 / effective weight) with an
 * effective weight of 16 times the configured; of equal keys, who was queued first. A server is queued anew, behind its equals, only when its key or weight changes.
 *
 * So weights are forgotten while idle: one request at a time, weights 10 and 1 take turns.
 *
 * Cost: O(log n) a start or end, O(1) a pick; O(n log n) a change of the pool; 32 bytes and a Map entry a backend.
 *
 * Fails when: as least connections; and with large weights the division leaves coarse steps: servers with different loads share a key.
 *
 * Source: HAProxy, lb_fwlc.c; recorded picks of 2.6 in test/conformance. In 3.x each thread may take any of a few servers of the first key; here there is one thread.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { Members } from './members.ts';

const LARGEST_WEIGHT = 4096;
const WEIGHT_SCALE = 16;

/** Where a server stands in the tree. */
export function haproxyLeastconnKey(inFlight: number, effectiveWeight: number): number {
  return inFlight === 0 ? 0 : Math.floor(((inFlight + 1) * LARGEST_WEIGHT) / effectiveWeight);
}

function keyOf({ inFlight, weight }: Backend): number {
  return haproxyLeastconnKey(inFlight, Math.max(1, Math.floor(weight * WEIGHT_SCALE)));
}

export function haproxyLeastConnections(): Picker {
  const members = new Members();
  let queue = new DeadlineQueue(0);
  /** Of each member: its weight when it was queued, and when that was, as a count. */
  let weights = new Float64Array(0);
  let queuedAt = new Float64Array(0);
  let queued = 0;

  function enqueue(index: number, at: number): void {
    const backend = members.list[index]!;
    weights[index] = backend.weight;
    queuedAt[index] = at;
    queue.place(index, keyOf(backend), at);
  }

  function follow(backend: Backend): void {
    const index = members.indexOf(backend);
    if (index >= 0 && keyOf(backend) !== queue.deadlineOf(index)) enqueue(index, (queued += 1));
  }

  return {
    onPoolChange(backends) {
      const before = new Map(members.list.map((backend, index) => [backend, index]));
      const [oldQueue, oldWeights, oldQueuedAt] = [queue, weights, queuedAt];
      members.reset(backends);
      queue = new DeadlineQueue(backends.length);
      weights = new Float64Array(backends.length);
      queuedAt = new Float64Array(backends.length);
      backends.forEach((backend, index) => {
        const old = before.get(backend);
        const stays =
          old !== undefined && oldWeights[old] === backend.weight && oldQueue.deadlineOf(old) === keyOf(backend);
        enqueue(index, stays ? oldQueuedAt[old]! : (queued += 1));
      });
    },
    pick: () => members.at(queue.first),
    onRequestStart: follow,
    onRequestEnd: follow,
  };
}
