/**
 * Least connections as the Linux kernel's IPVS has it; of equals, always the one that stands first, unless `ties` says `random`: that is the form theory speaks of.
 *
 * `scheduler`: `lc` compares requests in flight; `wlc` (the default) divides them by the weight; `sed`, shortest expected delay, divides what the backend would
 * have with this request, (in flight + 1) / weight, so that an idle heavy backend comes before an idle light one.
 *
 * Cost: O(log n) a start or an end, O(1) a pick (O(n) with random ties); O(n log n) a change of the pool; 24 bytes and a Map entry a backend.
 *
 * Fails when: several balancers have the same order. Each sees only its own requests, most of its picks are ties at zero, and they all go to the first of the
 * list: with fifty balancers the first backend drowns while the last ones idle. `lc` and `wlc` forget weights while the pool is quiet; `sed` does not.
 *
 * Source: Linux, net/netfilter/ipvs: ip_vs_lc.c, ip_vs_wlc.c, ip_vs_sed.c; a later server wins only with strictly less.
 *
 * Real systems: IPVS counts a connection that was closed lately as 1/256 of an open one; here requests end at once. HAProxy and nginx settle ties by turns.
 */
import type { Backend, Picker, Rng } from '../core/policy.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { Members } from './members.ts';

const LOADS = {
  lc: ({ inFlight }: Backend) => inFlight,
  wlc: ({ inFlight, weight }: Backend) => inFlight / weight,
  sed: ({ inFlight, weight }: Backend) => (inFlight + 1) / weight,
} as const;

export const IPVS_SCHEDULERS = Object.keys(LOADS);

export interface IpvsOptions {
  readonly scheduler?: keyof typeof LOADS;
  readonly ties?: 'first' | 'random';
}

export function ipvsLeastConnections({ scheduler = 'wlc', ties = 'first' }: IpvsOptions = {}): Picker {
  const loadOf = LOADS[scheduler];
  if (ties === 'random') return { pick: (backends, _request, { rng }) => leastOf(backends, loadOf, rng) };
  const members = new Members();
  let queue = new DeadlineQueue(0);

  function follow(backend: Backend): void {
    const index = members.indexOf(backend);
    if (index >= 0) queue.place(index, loadOf(backend), index);
  }

  return {
    onPoolChange(backends) {
      members.reset(backends);
      queue = new DeadlineQueue(backends.length);
      backends.forEach(follow);
    },
    pick: () => members.at(queue.first),
    onRequestStart: follow,
    onRequestEnd: follow,
  };
}

/** The k-th of equals replaces the one held with probability 1 / k, so each is as likely. */
function leastOf(backends: readonly Backend[], loadOf: (backend: Backend) => number, rng: Rng): Backend | undefined {
  let chosen: Backend | undefined;
  let least = Infinity;
  let equals = 0;
  for (const backend of backends) {
    const load = loadOf(backend);
    if (load > least) continue;
    equals = load < least ? 1 : equals + 1;
    least = load;
    if (equals === 1 || rng.int(equals) === 0) chosen = backend;
  }
  return chosen;
}
