/** The ring of Envoy and gRPC: 64-bit hashes, and a size for the whole ring instead of for each host. */
import { Bytes } from '../core/hashes/bytes.ts';
import { murmur2 } from '../core/hashes/murmur2.ts';
import { Word64 } from '../core/hashes/word64.ts';
import { SEED_0, xxh64 } from '../core/hashes/xxh64.ts';
import { firstAtLeast, sortedRing } from './ring.ts';
import type { Ring } from './ring.ts';

export const WIDE_HASHES = {
  xxh64: (bytes: Bytes, into: Word64) => xxh64(bytes, SEED_0, into),
  /** With the seed of libstdc++. */
  murmur2: (bytes: Bytes, into: Word64) => murmur2(bytes, 0xc70f6907, into),
} as const;
export type WideHash = keyof typeof WIDE_HASHES;

/** Envoy's bound on the size of a ring. */
export const LARGEST_RING = 8_388_608;

/** By the high halves of the hashes; those with equal ones by the low halves. */
export interface WideRing extends Ring {
  readonly low: Uint32Array;
}

/**
 * `shares` are parts of one. The lightest host has at least one of `smallest` points, the others in proportion, but there are no more than `largest`: hosts take points in
 * turn while the ring is shorter than the sum of their claims, so the rounding is spread, and in a ring that is too small some have none.
 *
 * Source: envoy ring_hash_lb.cc; grpc-go balancer/ringhash/ring.go.
 */
export function wideRing(
  keys: readonly string[],
  shares: ArrayLike<number>,
  smallest: number,
  largest: number,
  hash: WideHash = 'xxh64',
): WideRing {
  return ringOfPoints(keys, countsOf(shares, smallest, largest), hash);
}

/** A ring on which each host has so many points. */
export function ringOfPoints(keys: readonly string[], counts: Int32Array, hash: WideHash = 'xxh64'): WideRing {
  const size = counts.reduce((sum, count) => sum + count, 0);
  const high = new Uint32Array(size);
  const low = new Uint32Array(size);
  const owners = new Int32Array(size);
  const bytes = new Bytes();
  const word = new Word64();
  let at = 0;
  keys.forEach((key, host) => {
    const prefix = bytes.clear().text(key).text('_').length;
    for (let i = 0; i < counts[host]!; i += 1) {
      bytes.length = prefix;
      WIDE_HASHES[hash](bytes.text(String(i)), word);
      high[at] = word.hi;
      low[at] = word.lo;
      owners[at] = host;
      at += 1;
    }
  });
  return sorted(high, low, owners);
}

/** Where the first point with at least this hash stands, round the ring, and so many points further for another attempt. */
export function pointAfter(ring: WideRing, hash: Word64, attempt = 0): number {
  const hi = hash.hi >>> 0;
  const lo = hash.lo >>> 0;
  let at = firstAtLeast(ring, hi);
  while (at < ring.size && ring.hashes[at] === hi && ring.low[at]! < lo) at += 1;
  return (at + attempt) % ring.size;
}

function countsOf(shares: ArrayLike<number>, smallest: number, largest: number): Int32Array {
  let least = 1;
  for (let i = 0; i < shares.length; i += 1) least = Math.min(least, shares[i]!);
  const scale = Math.min(Math.ceil(least * smallest) / least, largest);
  const counts = new Int32Array(shares.length);
  let claimed = 0;
  let size = 0;
  for (let i = 0; i < shares.length; i += 1) {
    claimed += scale * shares[i]!;
    counts[i] = Math.max(0, Math.ceil(claimed) - size);
    size += counts[i]!;
  }
  return counts;
}

/** By the high half, and where two of these are equal (once in 2^32 pairs) by the low one. */
function sorted(high: Uint32Array, low: Uint32Array, owners: Int32Array): WideRing {
  const order = sortedRing(high, numbered(high.length));
  const places = order.owners;
  const ring = { ...order, low: new Uint32Array(high.length), owners: new Int32Array(high.length) };
  for (let i = 0; i < places.length; i += 1) {
    for (let j = i; j > 0 && order.hashes[j] === order.hashes[j - 1] && low[places[j]!]! < low[places[j - 1]!]!; j -= 1)
      [places[j], places[j - 1]] = [places[j - 1]!, places[j]!];
  }
  for (let i = 0; i < places.length; i += 1) {
    ring.low[i] = low[places[i]!]!;
    ring.owners[i] = owners[places[i]!]!;
  }
  return ring;
}

function numbered(length: number): Int32Array {
  const numbers = new Int32Array(length);
  for (let i = 0; i < length; i += 1) numbers[i] = i;
  return numbers;
}
