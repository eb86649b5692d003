/**
 * XXH64 (Yann Collet): thirty-two bytes at a time in four lanes, then a tail and an avalanche. Every bit of the key reaches every bit of the hash.
 *
 * Envoy's and gRPC's ring hash, Envoy's Maglev (seeds 0 and 1), Caddy's rendezvous since 2024.
 *
 * Source: the xxHash specification, version 0.1.1.
 */
import type { Bytes } from './bytes.ts';
import { readWord } from './read-word.ts';
import { Word64 } from './word64.ts';

/** Writes the hash to `into` and answers that. `seed` may be any 64-bit number. */
export function xxh64(bytes: Bytes, seed: Word64, into: Word64): Word64 {
  const { data, length } = bytes;
  let at = 0;
  if (length < 32) into.copy(seed).add(P5);
  else {
    for (let i = 0; i < 4; i += 1) lanes[i]!.copy(seed).add(STARTS[i]!);
    for (; at + 32 <= length; at += 32) {
      for (let i = 0; i < 4; i += 1) round(lanes[i]!, readWord(data, at + 8 * i, 8, block));
    }
    joinLanes(into);
  }
  into.add(block.set(0, length));
  for (; at + 8 <= length; at += 8) {
    into
      .xor(round(lane.set(0, 0), readWord(data, at, 8, block)))
      .rotateLeft(27)
      .multiply(P1)
      .add(P4);
  }
  if (at + 4 <= length) {
    into
      .xor(readWord(data, at, 4, block).multiply(P1))
      .rotateLeft(23)
      .multiply(P2)
      .add(P3);
    at += 4;
  }
  for (; at < length; at += 1) into.xor(block.set(0, data[at]!).multiply(P5)).rotateLeft(11).multiply(P1);
  return into.xorShiftRight(33).multiply(P2).xorShiftRight(29).multiply(P3).xorShiftRight(32);
}

function round(lane: Word64, input: Word64): Word64 {
  return lane.add(input.multiply(P2)).rotateLeft(31).multiply(P1);
}

function joinLanes(into: Word64): void {
  into.set(0, 0);
  for (let i = 0; i < 4; i += 1) into.add(lane.copy(lanes[i]!).rotateLeft(JOIN_TURNS[i]!));
  for (let i = 0; i < 4; i += 1)
    into
      .xor(round(lane.set(0, 0), lanes[i]!))
      .multiply(P1)
      .add(P4);
}

export const SEED_0 = Word64.of(0n);
export const SEED_1 = Word64.of(1n);

const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const P1 = Word64.of(PRIME_1);
const P2 = Word64.of(PRIME_2);
const P3 = Word64.of(0x165667b19e3779f9n);
const P4 = Word64.of(0x85ebca77c2b2ae63n);
const P5 = Word64.of(0x27d4eb2f165667c5n);
const STARTS = [Word64.of(PRIME_1 + PRIME_2), P2, SEED_0, Word64.of(-PRIME_1)];
const JOIN_TURNS = [1, 7, 12, 18];
const lanes = [new Word64(), new Word64(), new Word64(), new Word64()];
const lane = new Word64();
const block = new Word64();
