/**
 * HAProxy's consistent hashing (`hash-type consistent`): a ring with 16 points for each unit of weight at fullHash(4096 * id + j), and a key goes to the nearer of the
 * points before and after its hash; at equal distance to the one before.
 *
 * `balanceFactor` f bounds the load: of ceil((requests under way + 1) * f / 100) slots each server has its part by weight, at least one, and whoever has no
 * slot left is passed over for the next on the ring.
 *
 * Cost: O(key + log points) a pick and, with a bound, the points passed over; O(points) a change of the pool, 8 bytes a point.
 *
 * Fails when: weights are small: of 16 points a share scatters by a quarter (measured: 12.7 % to 24.1 % where 20 % is due), so weights of 10 and more are advised.
 * Points follow the number, which is the place in the configuration unless it is set: removing a line in the middle then moves half of all keys.
 *
 * Source: haproxy src/lb_chash.c; bounded loads: Mirrokni, Thorup and Zadimoghaddam, SODA 2018. test/conformance replays recorded picks.
 *
 * Real systems: a full server keeps its keys: they queue for it, which here is declining. Retries avoid the server that failed last. Without the key the ring is
 * walked point by point, which is not round robin (haproxy issue 3019).
 */
import { fullHash } from '../core/hashes/haproxy.ts';
import type { Backend, Picker } from '../core/policy.ts';
import { haproxySlots } from './haproxy-slots.ts';
import { haproxyHash } from './haproxy-key.ts';
import type { HaproxyHashOptions } from './haproxy-key.ts';
import { firstAtLeast, sortedRing } from './ring.ts';
import type { Ring } from './ring.ts';

export interface HaproxyConsistentOptions extends HaproxyHashOptions {
  /** Per cent of the average load, above 100. Absent: no bound. */
  readonly balanceFactor?: number;
}

const POINTS = 16;
const LAST_HASH = 0xffffffff;

export function haproxyConsistentHash(options: HaproxyConsistentOptions = {}): Picker {
  const { balanceFactor } = options;
  // Where no function is named, HAProxy adds the avalanche.
  const hashOf = haproxyHash({ ...options, avalanche: options.avalanche ?? options.function === undefined });
  let members: readonly Backend[] = [];
  let ring: Ring = haproxyRing([], []);
  let hasSlot = haproxySlots(new Float64Array(0), 0);
  /** Requests under way, wherever they are. */
  let served = 0;
  /** The hash of the point that the walk of requests without key took last. */
  let last: number | undefined;

  const ownerAt = (at: number): Backend => members[ring.owners[at]!]!;

  function nearest(hash: number, avoid: Backend | undefined): Backend | undefined {
    let at = nearestPoint(ring, hash);
    for (let step = 0; step < 2 * ring.size; step += 1) {
      const server = ownerAt(at);
      const bounded = balanceFactor === undefined || hasSlot(ring.owners[at]!, server.inFlight, served);
      if (server !== avoid && bounded) return server.full ? undefined : server;
      at = at + 1 < ring.size ? at + 1 : 0;
    }
    return ownerAt(at).full ? undefined : ownerAt(at);
  }

  function walk(avoid: Backend | undefined): Backend | undefined {
    let at = last === undefined || last === LAST_HASH ? 0 : firstAtLeast(ring, last + 1);
    let avoided: Backend | undefined;
    for (let step = 0; step < ring.size; step += 1) {
      if (at >= ring.size) at = 0;
      const server = ownerAt(at);
      last = ring.hashes[at]!;
      at += 1;
      if (server.full) continue;
      if (server !== avoid) return server;
      avoided = server;
    }
    return avoided;
  }

  return {
    skipsFull: true,
    onPoolChange(backends) {
      members = backends.slice();
      const weights = Float64Array.from(members, ({ weight }) => Math.max(1, Math.round(weight * POINTS)));
      ring = haproxyRing(
        members.map(({ number }) => number),
        weights,
      );
      hasSlot = haproxySlots(weights, balanceFactor ?? 0);
    },
    pick(_backends, request) {
      const hash = hashOf(request);
      const avoid = request.tried.at(-1);
      return hash === undefined ? walk(avoid) : nearest(hash, avoid);
    },
    ...(balanceFactor !== undefined && {
      onRequestStart() {
        served += 1;
      },
      onRequestEnd() {
        served -= 1;
      },
    }),
  };
}

/** `points`: how many each has. */
export function haproxyRing(numbers: readonly number[], points: ArrayLike<number>): Ring {
  let total = 0;
  for (let i = 0; i < points.length; i += 1) total += points[i]!;
  const hashes = new Uint32Array(total);
  const owners = new Int32Array(total);
  let at = 0;
  numbers.forEach((number, member) => {
    for (let j = 0; j < points[member]!; j += 1) {
      hashes[at] = haproxyPoint(number, j);
      owners[at] = member;
      at += 1;
    }
  });
  return sortedRing(hashes, owners);
}

export function haproxyPoint(number: number, j: number): number {
  return fullHash(number * 4096 + j);
}

/** The nearer of the points around a hash. Distances go round the ring, as unsigned 32-bit differences. */
export function nearestPoint(ring: Ring, hash: number): number {
  const found = firstAtLeast(ring, hash);
  const next = found === ring.size ? 0 : found;
  const before = next === 0 ? ring.size - 1 : next - 1;
  const behind = (hash - ring.hashes[before]!) >>> 0;
  const ahead = (ring.hashes[next]! - hash) >>> 0;
  return behind <= ahead ? before : next;
}
