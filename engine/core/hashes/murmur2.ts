/**
 * MurmurHash2-64A (Austin Appleby): eight bytes at a time, multiply, fold, multiply.
 *
 * Envoy's ring hash and Maglev on request (MURMUR_HASH_2), with the seed of libstdc++'s std::hash: 0xc70f6907.
 */
import type { Bytes } from './bytes.ts';
import { readWord } from './read-word.ts';
import { Word64 } from './word64.ts';

/** Writes the hash to `into` and answers that. `seed` is a whole number from 0 to 2^32 - 1. */
export function murmur2(bytes: Bytes, seed: number, into: Word64): Word64 {
  const { data, length } = bytes;
  into.set(0, length).multiply(FACTOR).xor(block.set(0, seed));
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    readWord(data, at, 8, block).multiply(FACTOR).xorShiftRight(47).multiply(FACTOR);
    into.xor(block).multiply(FACTOR);
  }
  if (at < length) into.xor(readWord(data, at, length - at, block)).multiply(FACTOR);
  return into.xorShiftRight(47).multiply(FACTOR).xorShiftRight(47);
}

const FACTOR = Word64.of(0xc6a4a7935bd1e995n);
const block = new Word64();
