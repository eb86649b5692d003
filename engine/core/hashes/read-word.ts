import type { Word64 } from './word64.ts';

/** Reads `count` bytes from 1 to 8, lowest first, as one number. */
export function readWord(data: Uint8Array, at: number, count: number, into: Word64): Word64 {
  let lo = 0;
  let hi = 0;
  const low = count < 4 ? count : 4;
  for (let i = 0; i < low; i += 1) lo |= data[at + i]! << (8 * i);
  for (let i = 4; i < count; i += 1) hi |= data[at + i]! << (8 * i - 32);
  return into.set(hi, lo);
}
