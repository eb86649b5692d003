/**
 * Jump consistent hash: a key jumps from bucket to bucket, each jump drawn from the key, and stays in the last one below n. No table, no memory.
 *
 * From n - 1 to n buckets exactly 1/n of the keys move, all of them to the new bucket. Buckets are numbers, so only the last can leave without
 * moving others' keys: when a backend in the middle of the list goes, everything behind it moves up by one and those keys scatter. Good for
 * shards that are only ever added, poor for a pool that loses members. Weights do nothing.
 *
 * Buckets are the members of the configuration, so one that is only out keeps its number: its keys jump again, with what their generator draws next, and so
 * scatter over the others. A full backend, or one tried before, is passed over alike.
 *
 * Options: `key`, what is hashed of a request.
 *
 * Cost: O(ln n) a pick, O(n) a change to know who is out.
 *
 * Fails when: a backend other than the last is taken out of the configuration: about as bad as a modulo for the keys behind it.
 *
 * Source: Lamping and Veach, "A fast, minimal memory, consistent hash algorithm", 2014.
 *
 * Real systems: ClickHouse's jumpConsistentHash, and storage systems with numbered shards; no common proxy.
 */
import { bytesOf } from '../core/hashes/bytes.ts';
import { Word64 } from '../core/hashes/word64.ts';
import { SEED_0, xxh64 } from '../core/hashes/xxh64.ts';
import type { Backend, Picker } from '../core/policy.ts';
import { requestKey } from '../core/request-key.ts';

export function jumpHash({ key }: { readonly key?: string } = {}): Picker {
  const keyOf = requestKey(key);
  const hash = new Word64();
  let members: readonly Backend[] = [];
  let eligible = new Set<Backend>();
  let told = false;

  /** Jumps until a bucket will do; after so many jumps the list is gone through from the last one on. */
  function find(will: (backend: Backend) => boolean): Backend | undefined {
    let bucket = 0;
    for (let jump = 0; jump < JUMPS; jump += 1) {
      bucket = jumpBucket(hash, members.length);
      if (will(members[bucket]!)) return members[bucket];
    }
    for (let step = 1; step < members.length; step += 1) {
      const next = members[(bucket + step) % members.length]!;
      if (will(next)) return next;
    }
    return undefined;
  }

  let tried: readonly Backend[] = [];
  const hasRoom = (backend: Backend) => eligible.has(backend) && !backend.full;
  const isNew = (backend: Backend) => hasRoom(backend) && !tried.includes(backend);

  return {
    skipsFull: true,
    onMembersChange(all) {
      told = true;
      members = all.slice();
    },
    onPoolChange(backends) {
      if (!told) members = backends.slice();
      eligible = new Set(backends);
    },
    pick(_backends, request) {
      tried = request.tried;
      xxh64(bytesOf(keyOf(request)), SEED_0, hash);
      return find(isNew) ?? find(hasRoom);
    },
  };
}

const JUMPS = 20;

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
