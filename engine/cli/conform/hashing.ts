import { bytesOf } from '../../core/hashes/bytes.ts';
import type { Bytes } from '../../core/hashes/bytes.ts';
import { crc32 } from '../../core/hashes/crc32.ts';
import { fnv1a32, fnv1a64 } from '../../core/hashes/fnv.ts';
import { djb2, fullHash, sdbm, wt6 } from '../../core/hashes/haproxy.ts';
import { mt19937 } from '../../core/hashes/mt19937.ts';
import { murmur2 } from '../../core/hashes/murmur2.ts';
import { murmur3, murmur3OfTwo } from '../../core/hashes/murmur3.ts';
import { Word64 } from '../../core/hashes/word64.ts';
import { xxh64 } from '../../core/hashes/xxh64.ts';
import { same } from './finding.ts';
import { replayHaproxyHash, replayNginxHash } from './hash-recordings.ts';
import { ringVectors } from './hash-rings.ts';
import type { Finding, VectorFamily, VectorRow } from './finding.ts';

export const hashing: VectorFamily = {
  vectors: {
    ...ringVectors,
    crc32: ofText((bytes) => crc32(bytes)),
    'fnv1a-32': ofText(fnv1a32),
    'fnv1a-64': ofText((bytes) => decimal(fnv1a64(bytes, new Word64()))),
    'haproxy sdbm': ofText(sdbm),
    'haproxy djb2': ofText(djb2),
    'haproxy wt6': ofText(wt6),
    'haproxy full_hash (avalanche)': ({ input, expected }) => same(expected, fullHash(Number(input))),
    xxh64: ofText((bytes, seed) => decimal(xxh64(bytes, Word64.of(seed), new Word64()))),
    'MurmurHash2-64A': ofText((bytes, seed) => decimal(murmur2(bytes, Number(seed), new Word64()))),
    'MurmurHash3 x64 128': ofText((bytes, seed) => {
      const first = new Word64();
      const second = new Word64();
      murmur3(bytes, Number(seed), first, second);
      return [decimal(first), decimal(second)];
    }),
    'MurmurHash3_x64_64 over two u64': ({ input, params, expected }) => {
      const [a, b] = (input as string[]).map((word) => Word64.of(BigInt(word)));
      return same(expected, decimal(murmur3OfTwo(a!, b!, Number(params.seed), new Word64())));
    },
    mt19937: ({ params, expected }) => {
      const next = mt19937(Number(params.seed));
      return same(
        expected,
        (expected as number[]).map(() => next()),
      );
    },
  },
  recordings: [
    { of: /^nginx: (hash |ip_hash)/u, replay: replayNginxHash },
    { of: /^haproxy: balance (hdr|source|uri|url_param)/u, replay: replayHaproxyHash },
  ],
};

/** A row whose input is a text; `params.seed`, if there is one, may be a number or a text. */
function ofText(hash: (bytes: Bytes, seed: bigint) => unknown): (row: VectorRow) => Finding {
  return ({ input, params, expected }) =>
    same(expected, hash(bytesOf(input as string), BigInt((params.seed as string | number | undefined) ?? 0)));
}

function decimal(word: Word64): string {
  return word.toBigInt().toString();
}
