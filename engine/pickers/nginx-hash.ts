/**
 * nginx `hash`: the key's CRC32, bits 16 to 30, modulo the total weight of all configured servers. Who is out, full or was tried keeps its place, and the key
 * is hashed again with the number of the retry before it ("1user-7"), added to the sum so far: only that server's keys move, but they move anywhere.
 *
 * Cost: O(key) a pick, O(total weight) a change of the configuration in time and memory, O(n) of eligibility.
 *
 * Fails when: the configuration changes: with one server more or less nearly all keys move, as the modulus does. Only 32,768 hashes: from some
 * thousands of servers on shares differ by a tenth, and beyond 32,768 units of weight the rest get nothing at first try. A key that many share is a hot spot.
 *
 * Source: nginx, ngx_http_upstream_hash_module.c; test/conformance replays recorded picks.
 *
 * Real systems: a server marked `down` keeps its place, one whose line is removed does not. No key, or 20 misses: round robin.
 */
import { DEFAULT_KEY, keyReader } from '../core/request-key.ts';
import { bytesOf } from '../core/hashes/bytes.ts';
import { crc32 } from '../core/hashes/crc32.ts';
import type { Picker } from '../core/policy.ts';
import { nginxRehash } from './nginx-rehash.ts';
import type { Hashes } from './nginx-rehash.ts';

export function nginxHash({ key = DEFAULT_KEY }: { readonly key?: string } = {}): Picker {
  return nginxRehash('nginx-hash', nginxHashes(key));
}

export function nginxHashes(key: string): Hashes {
  const read = keyReader(key);
  let text: string | undefined;
  let sum = 0;
  let rehash = 0;
  return {
    start(request) {
      sum = 0;
      rehash = 0;
      text = read(request);
      return text !== undefined && text !== '';
    },
    next() {
      const before = rehash === 0 ? 0 : crc32(bytesOf(String(rehash)));
      rehash += 1;
      sum = (sum + ((crc32(bytesOf(text!), before) >>> 16) & 0x7fff)) >>> 0;
      return sum;
    },
  };
}
