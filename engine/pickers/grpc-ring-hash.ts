/**
 * gRPC's ring hash (`ring_hash_experimental`): Envoy's ring with the endpoints in the order of their hash keys, so that clients that got them in different orders agree
 * where the rounding falls, and with a smaller bound on its size.
 *
 * Cost, failures: those of `ring-hash`; memory of at most 4096 points by default.
 *
 * Source: gRFC A42 and A76; grpc-go balancer/ringhash/ring.go.
 *
 * Real systems: a request without the header goes to a random point. A retry is hashed as the first attempt was: it meets the same endpoint unless that is no longer
 * connected.
 */
import { bytesOf } from '../core/hashes/bytes.ts';
import { Word64 } from '../core/hashes/word64.ts';
import { invariant } from '../core/invariant.ts';
import type { Backend, Picker } from '../core/policy.ts';
import { DEFAULT_KEY, keyReader } from '../core/request-key.ts';
import { ringSizeProblem, sharesOf } from './ring-hash.ts';
import { pointAfter, WIDE_HASHES, wideRing } from './wide-ring.ts';
import type { WideRing } from './wide-ring.ts';

export interface GrpcRingHashOptions {
  readonly key?: string;
  readonly minimumRingSize?: number;
  readonly maximumRingSize?: number;
}

export function grpcRingHash({
  key = DEFAULT_KEY,
  maximumRingSize = 4096,
  minimumRingSize = Math.min(1024, maximumRingSize),
}: GrpcRingHashOptions = {}): Picker {
  const problem = ringSizeProblem(minimumRingSize, maximumRingSize);
  invariant(problem === undefined, `grpc-ring-hash: ${problem}`);
  const read = keyReader(key);
  const hash = new Word64();
  let members: readonly Backend[] = [];
  let ring: WideRing = wideRing([], [], 0, 0);

  return {
    skipsFull: true,
    onPoolChange(backends) {
      members = inKeyOrder(backends, ({ address }) => address);
      ring = wideRing(
        members.map(({ address }) => address),
        sharesOf(members),
        minimumRingSize,
        maximumRingSize,
      );
    },
    pick(_backends, request, { rng }) {
      const text = read(request);
      if (text === undefined) hash.set(rng.int(0x100000000), rng.int(0x100000000));
      else WIDE_HASHES.xxh64(bytesOf(text), hash);
      const endpoint = members[ring.owners[pointAfter(ring, hash)]!]!;
      return endpoint.full ? undefined : endpoint;
    },
  };
}

/** Sorted by key, unit by unit. */
export function inKeyOrder<Endpoint>(
  endpoints: readonly Endpoint[],
  keyOf: (endpoint: Endpoint) => string,
): Endpoint[] {
  return endpoints.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}
