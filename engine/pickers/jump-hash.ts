/**
 * Jump consistent hash: a key jumps from bucket to bucket, each jump drawn from the key, and stays in the last one below n. No table, no memory.
 *
 * From n - 1 to n buckets exactly 1/n of the keys move, all of them to the new bucket. Buckets are numbers, so only the last can leave without
 * moving others' keys: when a backend in the middle of the list goes, everything behind it moves up by one and those keys scatter. Good for
 * shards that are only ever added, poor for a pool whose members fail. Weights do nothing.
 *
 * Options: `key`, what is hashed of a request.
 *
 * Cost: O(ln n) a pick, no rebuild, no memory.
 *
 * Fails when: a backend other than the last becomes ineligible: about as bad as a modulo for the keys behind it.
 *
 * Source: Lamping and Veach, "A fast, minimal memory, consistent hash algorithm", 2014.
 *
 * Real systems: Go kit and ClickHouse's jumpConsistentHash, and storage systems with numbered shards; no common proxy. A backend that is full or was tried before passes its
 * keys to the next in the list.
 */
import { bytesOf } from '../core/hashes/bytes.ts';
import { Word64 } from '../core/hashes/word64.ts';
import { SEED_0, xxh64 } from '../core/hashes/xxh64.ts';
import type { Picker } from '../core/policy.ts';
import { requestKey } from '../core/request-key.ts';

export function jumpHash({ key }: { readonly key?: string } = {}): Picker {
  const keyOf = requestKey(key);
  const hash = new Word64();

  return {
    skipsFull: true,
    pick(backends, request) {
      const bucket = jumpBucket(xxh64(bytesOf(keyOf(request)), SEED_0, hash), backends.length);
      let spare: (typeof backends)[number] | undefined;
      for (let step = 0; step < backends.length; step += 1) {
        const backend = backends[(bucket + step) % backends.length]!;
        if (backend.full) continue;
        if (!request.tried.includes(backend)) return backend;
        spare ??= backend;
      }
      return spare;
    },
  };
}

/** The bucket of a 64-bit key among `buckets` (from 1). Uses `key` up. */
export function jumpBucket(key: Word64, buckets: number): number {
  let bucket = 0;
  for (let next = 0; next < buckets;) {
    bucket = next;
    key.multiply(FACTOR).add(ONE);
    // The upper 31 bits of the key, as a number from 1 to 2^31.
    next = Math.floor((bucket + 1) * (TWO_31 / ((key.hi >>> 1) + 1)));
  }
  return bucket;
}

const FACTOR = Word64.of(2_862_933_555_777_941_757n);
const ONE = Word64.of(1n);
const TWO_31 = 0x80000000;
