/**
 * The key hashes of HAProxy (`hash-type … sdbm | djb2 | wt6`; crc32 is the usual one) and its avalanche, all on 32 bits.
 *
 * sdbm and djb2 multiply by a small number and add a byte: equal ends of keys give near values, which the remainder of a map hides and a ring does not.
 * So a ring is better entered through `fullHash`, and by default is.
 *
 * Source: haproxy src/hash.c and include/haproxy/intops.h; Bob Jenkins, "Integer hash functions", for the avalanche.
 */
import type { Bytes } from './bytes.ts';

/** hash * 65599 + byte. */
export function sdbm(bytes: Bytes): number {
  const { data, length } = bytes;
  let hash = 0;
  for (let i = 0; i < length; i += 1) hash = (Math.imul(hash, 65_599) + data[i]!) | 0;
  return hash >>> 0;
}

/** hash * 33 + byte, from 5381. */
export function djb2(bytes: Bytes): number {
  const { data, length } = bytes;
  let hash = 5381;
  for (let i = 0; i < length; i += 1) hash = (Math.imul(hash, 33) + data[i]!) | 0;
  return hash >>> 0;
}

/** Two words that each byte turns by an amount which the bytes before it decided. */
export function wt6(bytes: Bytes): number {
  const { data, length } = bytes;
  let one = 0xa53c965a | 0;
  let other = 0x5ca6953a | 0;
  let turnOther = 6;
  let turnOne = 18;
  for (let i = 0; i < length; i += 1) {
    const mixedOne = ~(one ^ data[i]!);
    const mixedOther = ~(other + data[i]!);
    one = rotateLeft(mixedOther, turnOther);
    other = rotateLeft(mixedOne, turnOne);
    const turns = ((one >>> 16) ^ other) & 0xffff;
    turnOther = turns & 0x1f;
    turnOne = turns >>> 11;
  }
  return (one ^ other) >>> 0;
}

/** Spreads each bit of a 32-bit number over all others; then times a prime near 3/4 of 2^32. */
export function fullHash(value: number): number {
  let a = value | 0;
  a = (a + 0x7ed55d16 + (a << 12)) | 0;
  a = a ^ 0xc761c23c ^ (a >>> 19);
  a = (a + 0x165667b1 + (a << 5)) | 0;
  a = (a + 0xd3a2646c) ^ (a << 9);
  a = (a + 0xfd7046c5 + (a << 3)) | 0;
  a = a ^ 0xb55a4f09 ^ (a >>> 16);
  return Math.imul(a, 3_221_225_473) >>> 0;
}

/** By 0 to 31; JavaScript shifts by 32 - 0 as by 0, which leaves the word as it should be. */
function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
