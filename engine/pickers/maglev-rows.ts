/**
 * Where each backend begins in a Maglev table and in which steps it goes on, as real systems hash that out of its name.
 *
 * Cost: two hashes of a short name per backend and rebuild.
 *
 * Fails when: two balancers name or order their backends differently: their tables then differ, and a flow that changes from one to the other breaks. So Envoy
 * and Cilium sort by name first; Katran goes by the order in which backends were added.
 *
 * Source: Envoy source/extensions/load_balancing_policies/maglev, Katran katran/lib/CHHelpers, Cilium pkg/maglev.
 */
import { bytesOf } from '../core/hashes/bytes.ts';
import { murmur3, murmur3OfTwo } from '../core/hashes/murmur3.ts';
import { Word64 } from '../core/hashes/word64.ts';
import { SEED_0, SEED_1, xxh64 } from '../core/hashes/xxh64.ts';

export interface RowStart {
  readonly offset: number;
  readonly skip: number;
}

/** Envoy: xxHash of the host's key with seed 0 and with seed 1. */
export function envoyRow(name: string, size: number): RowStart {
  const bytes = bytesOf(name);
  const offset = xxh64(bytes, SEED_0, one).remainder(size);
  return { offset, skip: skipOf(xxh64(bytes, SEED_1, one), size) };
}

/** Katran: MurmurHash3 of the backend's own 64-bit hash beside a constant, twice. */
export function katranRow(hash: Word64, size: number): RowStart {
  const offset = murmur3OfTwo(hash, KATRAN_OFFSET, 0, one).remainder(size);
  return { offset, skip: skipOf(murmur3OfTwo(hash, KATRAN_SKIP, 2307, one), size) };
}

/** Cilium: the two halves of MurmurHash3 of the backend's name. */
export function ciliumRow(name: string, size: number, seed = CILIUM_SEED): RowStart {
  murmur3(bytesOf(name), seed, one, other);
  return { offset: one.remainder(size), skip: skipOf(other, size) };
}

/** Between 1 and size - 1. */
function skipOf(hash: Word64, size: number): number {
  return hash.remainder(size - 1) + 1;
}

const KATRAN_OFFSET = Word64.of(42n);
const KATRAN_SKIP = Word64.of(2_718_281_828n);
/** The first four bytes of Cilium's default seed, highest first. */
const CILIUM_SEED = 0x24b7ef82;
const one = new Word64();
const other = new Word64();
