/**
 * Weighted least connections: the fewest requests in flight for its weight. Ties (all are at 0 in a quiet pool) go round by weight: each backend has a
 * deadline that moves by 1 / weight with each of its picks, and the earliest is due.
 *
 * Cost: O(log n) a start or end, O(1) a pick; O(n log n) a change of the pool; 56 bytes and a Map entry a backend.
 *
 * Fails when: as least connections: fast errors look like speed. Weights that are wrong are enforced all the more.
 *
 * Source: IPVS `wlc`, in the definition of its documentation: the smallest connections / weight. The rotation among ties is nginx's idea with the earliest
 * deadline instead of a scan: IPVS and HAProxy take whoever stands first, and so forget weights when idle. (DECISIONS.md, 9)
 *
 * Real systems: nginx-least-connections, haproxy-least-connections and envoy-least-request are theirs to the letter.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { Members } from './members.ts';

export function weightedLeastConnections(): Picker {
  const members = new Members();
  let queue = new DeadlineQueue(0);
  /** A member's deadline is since + turns / weight: counted in whole turns, equal deadlines are exactly equal. */
  let since = new Float64Array(0);
  let turns = new Float64Array(0);
  /** The latest deadline that was met. Who was busy until now is not owed the turns it missed. */
  let now = 0;

  function dueAt(index: number): number {
    return since[index]! + (turns[index]! + 1) / members.list[index]!.weight;
  }

  function follow(index: number): void {
    const { inFlight, weight } = members.list[index]!;
    queue.place(index, inFlight / weight, dueAt(index));
  }

  return {
    onPoolChange(backends) {
      members.reset(backends);
      queue = new DeadlineQueue(backends.length);
      since = new Float64Array(backends.length).fill(0);
      turns = new Float64Array(backends.length).fill(0);
      now = 0;
      for (let index = 0; index < backends.length; index += 1) follow(index);
    },
    pick: () => members.at(queue.first),
    onRequestStart(backend: Backend) {
      const index = members.indexOf(backend);
      if (index < 0) return;
      const due = dueAt(index);
      if (due < now) {
        since[index] = now;
        turns[index] = 0;
      } else {
        now = due;
        turns[index]! += 1;
      }
      follow(index);
    },
    onRequestEnd(backend: Backend) {
      const index = members.indexOf(backend);
      if (index >= 0) follow(index);
    },
  };
}
