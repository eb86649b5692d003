/**
 * nginx `ip_hash`: from 89 on, hash = (hash * 113 + octet) mod 6271 over the first three octets of the client's IPv4 address (all 16 of an IPv6 one), modulo the
 * total weight of all configured servers. Who is out, full or was tried keeps its place, and the same octets are folded in once more.
 *
 * Cost: O(1) a pick, O(total weight) a change of the configuration in time and memory, O(n) of eligibility.
 *
 * Fails when: many clients share a network: a whole /24, an office or a carrier's gateway, goes to one server. There are 6271 hashes, so no more servers than
 * that are ever chosen. With one server more or less nearly all clients move.
 *
 * Source: nginx, ngx_http_upstream_ip_hash_module.c; test/conformance replays recorded picks.
 *
 * Real systems: HAProxy `balance source` takes all 32 bits. Behind another proxy nginx hashes that one's address unless real_ip is set.
 */
import { Bytes } from '../core/hashes/bytes.ts';
import { addAddress } from '../core/ip-address.ts';
import type { Picker } from '../core/policy.ts';
import { nginxRehash } from './nginx-rehash.ts';
import type { Hashes } from './nginx-rehash.ts';

export function nginxIpHash(): Picker {
  return nginxRehash('nginx-ip-hash', ipHashes());
}

export function ipHashes(): Hashes {
  const octets = new Bytes();
  let hash = 0;
  return {
    start({ sourceAddress }) {
      hash = 89;
      // Neither IPv4 nor IPv6 (a Unix socket) counts as three zeros.
      if (!addAddress(sourceAddress, octets.clear())) octets.byte(0).byte(0).byte(0);
      if (octets.length === 4) octets.length = 3;
      return true;
    },
    next() {
      for (let i = 0; i < octets.length; i += 1) hash = (hash * 113 + octets.data[i]!) % 6271;
      return hash;
    },
  };
}
