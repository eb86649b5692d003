/**
 * MurmurHash3 x64 128 (Austin Appleby): two 64-bit halves that feed each other, sixteen bytes at a time.
 *
 * Cilium takes both halves of the hash of a backend's name (offset and skip of its Maglev row); Katran takes the first half over two numbers.
 */
import type { Bytes } from './bytes.ts';
import { readWord } from './read-word.ts';
import { Word64 } from './word64.ts';

/** Writes the first half of the hash to `first` and the second to `second`. `seed` is a whole number from 0 to 2^32 - 1. */
export function murmur3(bytes: Bytes, seed: number, first: Word64, second: Word64): void {
  const { data, length } = bytes;
  first.set(0, seed);
  second.set(0, seed);
  let at = 0;
  for (; at + 16 <= length; at += 16) {
    readWord(data, at, 8, one);
    readWord(data, at + 8, 8, other);
    mixBlock(first, second);
  }
  if (length - at > 8) second.xor(scramble(readWord(data, at + 8, length - at - 8, other), C2, 33, C1));
  if (length > at) first.xor(scramble(readWord(data, at, Math.min(8, length - at), one), C1, 31, C2));
  finish(length, first, second);
}

/** The first half of the hash over two 64-bit numbers, lowest byte first: Katran's MurmurHash3_x64_64. */
export function murmur3OfTwo(a: Word64, b: Word64, seed: number, into: Word64): Word64 {
  one.copy(a);
  other.copy(b);
  into.set(0, seed);
  rest.set(0, seed);
  mixBlock(into, rest);
  finish(16, into, rest);
  return into;
}

function mixBlock(first: Word64, second: Word64): void {
  first
    .xor(scramble(one, C1, 31, C2))
    .rotateLeft(27)
    .add(second)
    .multiply(FIVE)
    .add(ADD_FIRST);
  second
    .xor(scramble(other, C2, 33, C1))
    .rotateLeft(31)
    .add(first)
    .multiply(FIVE)
    .add(ADD_SECOND);
}

function scramble(block: Word64, before: Word64, turn: number, after: Word64): Word64 {
  return block.multiply(before).rotateLeft(turn).multiply(after);
}

function finish(length: number, first: Word64, second: Word64): void {
  one.set(0, length);
  first.xor(one);
  second.xor(one);
  first.add(second);
  second.add(first);
  avalanche(first);
  avalanche(second);
  first.add(second);
  second.add(first);
}

function avalanche(half: Word64): void {
  half.xorShiftRight(33).multiply(MIX_1).xorShiftRight(33).multiply(MIX_2).xorShiftRight(33);
}

const C1 = Word64.of(0x87c37b91114253d5n);
const C2 = Word64.of(0x4cf5ad432745937fn);
const FIVE = Word64.of(5n);
const ADD_FIRST = Word64.of(0x52dce729n);
const ADD_SECOND = Word64.of(0x38495ab5n);
const MIX_1 = Word64.of(0xff51afd7ed558ccdn);
const MIX_2 = Word64.of(0xc4ceb9fe1a85ec53n);
const one = new Word64();
const other = new Word64();
const rest = new Word64();
