/**
 * Rendezvous hashing (highest random weight): hash the key together with each backend's name, and the highest score wins.
 *
 * Losing a backend moves its keys alone, each to its own second choice; a new one takes its part evenly from all. With weights the score is
 * w / -ln u, u being the hash as a part of one: then the chance to win is exactly w's part of the sum.
 *
 * Options: `key`, what is hashed of a request; `form`: `weighted` (xxHash of address and key), `caddy` (the same without weights), `caddy-2023` (FNV-1a, 32 bits,
 * of key and address, without weights), `traefik` (FNV-1a, 64 bits, of key and id, weighted).
 *
 * Cost: O(n) hashes a pick, no rebuild, no memory: for pools of tens, not of thousands.
 *
 * Fails when: the hash mixes poorly. FNV-1a hardly spreads a difference in the last bytes, so that of three servers named s1, s2 and s3 one gets half.
 *
 * Source: Thaler and Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM ToN 6(1), 1998. The logarithm: Schindelhauer and Schomaker, 2005.
 *
 * Real systems: Caddy's ip_hash, uri_hash and header, Traefik's hrw. A backend that is full or was tried before is passed over: the next best score has the key.
 */
import { bytesOf } from '../core/hashes/bytes.ts';
import { fnv1a32, fnv1a64 } from '../core/hashes/fnv.ts';
import { Word64 } from '../core/hashes/word64.ts';
import { SEED_0, xxh64 } from '../core/hashes/xxh64.ts';
import { ln } from '../core/maths.ts';
import type { Backend, Picker } from '../core/policy.ts';
import { requestKey } from '../core/request-key.ts';

export type RendezvousForm = 'weighted' | 'caddy' | 'caddy-2023' | 'traefik';

export interface RendezvousOptions {
  readonly key?: string;
  readonly form?: RendezvousForm;
}

export function rendezvous({ key, form = 'weighted' }: RendezvousOptions = {}): Picker {
  const keyOf = requestKey(key);
  const weighted = form === 'weighted' || form === 'traefik';
  const hash = new Word64();
  const best = new Word64();

  function winner(backends: readonly Backend[], text: string, passed: readonly Backend[]): Backend | undefined {
    let found: Backend | undefined;
    let bestScore = 0;
    for (const backend of backends) {
      if (backend.full || passed.includes(backend)) continue;
      rendezvousHash(form, form === 'traefik' ? backend.id : backend.address, text, hash);
      const score = weighted ? weightedScore(hash, backend.weight) : 0;
      // On equal scores the first stays.
      if (found !== undefined && !(weighted ? score > bestScore : isAbove(hash, best))) continue;
      found = backend;
      bestScore = score;
      best.copy(hash);
    }
    return found;
  }

  return {
    skipsFull: true,
    pick(backends, request) {
      const text = keyOf(request);
      return winner(backends, text, request.tried) ?? winner(backends, text, []);
    },
  };
}

/** The hash of a key beside the name of a backend, in `into`. */
export function rendezvousHash(form: RendezvousForm, name: string, key: string, into: Word64): Word64 {
  if (form === 'caddy-2023') return into.set(0, fnv1a32(bytesOf(key).text(name)));
  if (form === 'traefik') return fnv1a64(bytesOf(key).text(name), into);
  return xxh64(bytesOf(name).text(key), SEED_0, into);
}

export function weightedScore({ hi, lo }: Word64, weight: number): number {
  return weight / -ln(((hi >>> 0) * TWO_32 + (lo >>> 0)) / (TWO_32 * TWO_32));
}

function isAbove(a: Word64, b: Word64): boolean {
  return a.hi === b.hi ? a.lo >>> 0 > b.lo >>> 0 : a.hi >>> 0 > b.hi >>> 0;
}

const TWO_32 = 0x100000000;
