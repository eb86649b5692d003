/**
 * Ring hash, as Envoy has it: a ring of 64-bit hashes with points in proportion to weight, at least `minimumRingSize` and at most `maximumRingSize` in all. A key
 * goes to the first point at or after its hash.
 *
 * Cost: O(key + log points) a pick, O(points) a change of the pool, 12 bytes a point.
 *
 * Fails when: the ring is small for its hosts: shares scatter by 1 / sqrt(points of a host), and with fewer points than hosts some get nothing. When a host leaves, the
 * others get more points so that the ring keeps its size, so some keys move between hosts that stayed.
 *
 * Source: envoy ring_hash_lb.cc; the vectors are those of its own tests.
 *
 * Real systems: Envoy's defaults are 1024 and 8,388,608 points; a request without the key goes anywhere, and so here. A retry that would meet a host again takes
 * one of the next five points instead. gRPC is `grpc-ring-hash`. A full host's keys wait or fail, they do not move.
 */
import { bytesOf } from '../core/hashes/bytes.ts';
import { Word64 } from '../core/hashes/word64.ts';
import { invariant } from '../core/invariant.ts';
import type { Backend, Picker } from '../core/policy.ts';
import { DEFAULT_KEY, keyReader } from '../core/request-key.ts';
import { LARGEST_RING, pointAfter, WIDE_HASHES, wideRing } from './wide-ring.ts';
import type { WideHash, WideRing } from './wide-ring.ts';

export interface RingHashOptions {
  readonly key?: string;
  readonly minimumRingSize?: number;
  readonly maximumRingSize?: number;
  readonly function?: WideHash;
}

/** How often another point is asked while the host was tried before. */
const RESELECTIONS = 5;

export function ringHash({
  key = DEFAULT_KEY,
  maximumRingSize = LARGEST_RING,
  minimumRingSize = Math.min(1024, maximumRingSize),
  function: name = 'xxh64',
}: RingHashOptions = {}): Picker {
  const problem = ringSizeProblem(minimumRingSize, maximumRingSize);
  invariant(problem === undefined, `ring-hash: ${problem}`);
  const read = keyReader(key);
  const hash = new Word64();
  let members: readonly Backend[] = [];
  let ring: WideRing = wideRing([], [], 0, 0);

  return {
    skipsFull: true,
    onPoolChange(backends) {
      members = backends.slice();
      ring = wideRing(
        members.map(({ address }) => address),
        sharesOf(members),
        minimumRingSize,
        maximumRingSize,
        name,
      );
    },
    pick(_backends, request, { rng }) {
      const text = read(request);
      if (text === undefined) hash.set(rng.int(0x100000000), rng.int(0x100000000));
      else WIDE_HASHES[name](bytesOf(text), hash);
      let host = members[ring.owners[pointAfter(ring, hash)]!]!;
      for (let again = 1; again <= RESELECTIONS && request.tried.includes(host); again += 1)
        host = members[ring.owners[pointAfter(ring, hash, again)]!]!;
      return host.full ? undefined : host;
    },
  };
}

/** Each one's part of the total weight. */
export function sharesOf(backends: readonly { readonly weight: number }[]): Float64Array {
  const total = backends.reduce((sum, { weight }) => sum + weight, 0);
  return Float64Array.from(backends, ({ weight }) => weight / total);
}

/** What is wrong with these sizes, and what to write instead. */
export function ringSizeProblem(minimum: number, maximum: number): string | undefined {
  if (maximum > LARGEST_RING) return `A ring has at most ${LARGEST_RING} points: set maximumRingSize to that or less.`;
  if (minimum > maximum)
    return `minimumRingSize ${minimum} is above maximumRingSize ${maximum}: lower the first or raise the second.`;
  return undefined;
}
