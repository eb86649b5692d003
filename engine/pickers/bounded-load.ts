/**
 * Bounded loads around any hashing picker, in Envoy's way: a key goes to its backend unless that has more than its part of all requests in flight.
 *
 * With `factor` f in percent and a requests under way there are ceil((a + 1) f / 100) slots, shared by weight, each backend's rounded up and at least 1. Who has more
 * requests than slots is passed over, and the key asks the others in an order of its own (candidate-order.ts), so that the keys of one hot backend scatter.
 * If all have too much, the least overloaded gets it. A backend with exactly its slots still takes one more: the bound is slots + 1.
 *
 * Options: `over`, the hashing picker; `factor`, in percent, 125 unless said; `key` and all others go to that picker. A ring inside hears of members, and declines where its own backend is full.
 *
 * Cost: as the picker inside while it is within bounds; else O(624 + candidates asked), at most O(n); the arrays are used again.
 *
 * Fails when: f is near 100: many keys are sent elsewhere, and what caches gain by affinity is lost. Near 200 hot keys are hardly spread.
 *
 * Source: Mirrokni, Thorup and Zadimoghaddam, "Consistent hashing with bounded loads", SODA 2018; Envoy's hash_balance_factor (common/thread_aware_lb_impl).
 *
 * Real systems: HAProxy's hash-balance-factor goes along its ring instead and shares slots by cumulative weight.
 */
import { bytesOf } from '../core/hashes/bytes.ts';
import { Word64 } from '../core/hashes/word64.ts';
import { SEED_0, xxh64 } from '../core/hashes/xxh64.ts';
import { invariant } from '../core/invariant.ts';
import type { Backend, Picker } from '../core/policy.ts';
import { requestKey } from '../core/request-key.ts';
import { CandidateOrder } from './candidate-order.ts';
import { Members } from './members.ts';

export interface BoundedLoadOptions {
  readonly key?: string;
  readonly factor?: number;
}

export function boundedLoad(inner: Picker, { key, factor = 125 }: BoundedLoadOptions = {}): Picker {
  invariant(factor >= 100, `bounded-load: the factor is in percent and at least 100, found ${factor}`);
  const keyOf = requestKey(key);
  const hash = new Word64();
  const order = new CandidateOrder();
  const members = new Members();
  let weights = 0;
  let active = 0;
  let slots = 0;
  let tried: readonly Backend[] = [];

  const overloadOf = (index: number): number => {
    const backend = members.list[index]!;
    return backend.inFlight / slotsOf(slots, backend.weight / weights);
  };
  const barred = (index: number): boolean => {
    const backend = members.list[index]!;
    return backend.full || tried.includes(backend);
  };

  return {
    ...(inner.skipsFull && { skipsFull: true as const }),
    ...(inner.onMembersChange && {
      onMembersChange: (all, ctx) => inner.onMembersChange!(all, ctx),
    }),
    onPoolChange(backends, ctx) {
      members.reset(backends);
      weights = backends.reduce((sum, { weight }) => sum + weight, 0);
      inner.onPoolChange?.(backends, ctx);
    },
    pick(backends, request, ctx) {
      const first = inner.pick(backends, request, ctx);
      if (first === undefined) return undefined;
      const at = members.indexOf(first);
      slots = slotsInAll(active, factor);
      if (overloadOf(at) <= 1) return first;
      tried = request.tried;
      order.start(xxh64(bytesOf(keyOf(request)), SEED_0, hash).lo, backends.length);
      return members.at(firstWithinBounds(at, backends.length, order, overloadOf, barred));
    },
    onRequestStart(backend, request, ctx) {
      active += 1;
      inner.onRequestStart?.(backend, request, ctx);
    },
    onRequestEnd(backend, request, outcome, ctx) {
      active -= 1;
      inner.onRequestEnd?.(backend, request, outcome, ctx);
    },
  };
}

/** How many slots all have together while `active` requests are under way and one more asks. */
export function slotsInAll(active: number, factor: number): number {
  return Math.ceil(((active + 1) * factor) / 100);
}

/** The slots of one backend, whose weight is this part of all weights. */
export function slotsOf(all: number, share: number): number {
  return Math.max(1, Math.ceil(all * share));
}

/**
 * The first in `order`, started before, whose overload is at most 1; if there is none, the least overloaded. `first` has too much and is not asked again; `barred` ones
 * are not asked at all.
 */
export function firstWithinBounds(
  first: number,
  count: number,
  order: CandidateOrder,
  overloadOf: (index: number) => number,
  barred: (index: number) => boolean = () => false,
): number {
  let least = first;
  let leastOverload = overloadOf(first);
  for (let step = 0; step < count; step += 1) {
    const candidate = order.next();
    if (candidate === first || barred(candidate)) continue;
    const overload = overloadOf(candidate);
    if (overload <= 1) return candidate;
    if (overload >= leastOverload) continue;
    least = candidate;
    leastOverload = overload;
  }
  return least;
}
