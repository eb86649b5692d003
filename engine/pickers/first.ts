/**
 * First: the backend with the lowest number that is not full. Fills one after the other, so that the last ones idle and can be switched off. If all are full, it declines.
 *
 * Cost: O(1) a pick, O(log n) a start or end that fills or frees a backend, O(n log n) a change of the pool; 28 bytes and a Map entry a backend.
 *
 * Fails when: no backend has a limit: then the first takes everything. Spreads nothing on purpose, so the first ones are always hot.
 *
 * Source: HAProxy `balance first` (by server id, up to maxconn). Real systems: Caddy's `first` goes by the order of its list and means fail-over.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { Members } from './members.ts';

export function first(): Picker {
  const members = new Members();
  /** Those that are not full, by number. */
  let free = new DeadlineQueue(0);

  function follow(backend: Backend): void {
    const index = members.indexOf(backend);
    if (index < 0 || free.has(index) !== backend.full) return;
    if (backend.full) free.remove(index);
    else free.place(index, backend.number);
  }

  return {
    skipsFull: true,
    onPoolChange(backends) {
      members.reset(backends);
      free = new DeadlineQueue(backends.length);
      backends.forEach(follow);
    },
    pick: () => (free.size === 0 ? undefined : members.at(free.first)),
    onRequestStart: follow,
    onRequestEnd: follow,
  };
}
