/**
 * FNV-1a: xor a byte, multiply by a prime. Short and quick; the last bytes reach only part of the bits, so neighbours in a list of keys stay
 * near each other in the upper ones.
 *
 * Source: Fowler, Noll, Vo, Eastlake, "The FNV non-cryptographic hash algorithm" (RFC 9923). Caddy before 2024 (32 bits), Traefik's rendezvous (64).
 */
import type { Bytes } from './bytes.ts';
import { Word64 } from './word64.ts';

export function fnv1a32(bytes: Bytes): number {
  const { data, length } = bytes;
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i += 1) hash = Math.imul(hash ^ data[i]!, 0x01000193);
  return hash >>> 0;
}

/** Writes the hash to `into` and answers that. `into` may hold the hash of what stands before these bytes: then `goOn`. */
export function fnv1a64(bytes: Bytes, into: Word64, goOn = false): Word64 {
  const { data, length } = bytes;
  if (!goOn) into.copy(OFFSET);
  for (let i = 0; i < length; i += 1) {
    into.lo ^= data[i]!;
    into.multiply(PRIME);
  }
  return into;
}

const OFFSET = Word64.of(0xcbf29ce484222325n);
const PRIME = Word64.of(0x100000001b3n);
