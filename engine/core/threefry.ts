import type { Prng } from './prng.ts';

/**
 * Random numbers by address instead of by turn: the n-th draw for subject k is a function of the key, k and n. Whoever asks, in whatever order,
 * gets the same. It keeps no state per subject, so millions of subjects cost nothing.
 *
 * Threefry-2x32: two 32-bit words through additions, rotations and exclusive ors.
 * Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; 13 rounds are the fewest with which this
 * size passed BigCrush.
 */
export class Threefry {
  private readonly key0: number;
  private readonly key1: number;
  private readonly key2: number;
  private subject = 0;
  private drawn = 0;

  /** Takes its key from `source`. */
  constructor(source: Prng) {
    this.key0 = source.u32() | 0;
    this.key1 = source.u32() | 0;
    this.key2 = this.key0 ^ this.key1 ^ PARITY;
  }

  /** The next draws are the first ones of this subject, a whole number below 2^32. */
  address(subject: number): void {
    this.subject = subject;
    this.drawn = 0;
  }

  /** Uniform on [0, 1), a multiple of 2^-53. */
  float(): number {
    const { key0, key1, key2 } = this;
    let a = (this.subject + key0) | 0;
    let b = (this.drawn++ + key1) | 0;
    // Four rounds, then the key again, with the number of the injection.
    a = (a + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0;
    b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0;
    b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0;
    b = ((b << 6) | (b >>> 26)) ^ a;
    a = (a + key1) | 0;
    b = (b + key2 + 1) | 0;

    a = (a + b) | 0;
    b = ((b << 17) | (b >>> 15)) ^ a;
    a = (a + b) | 0;
    b = ((b << 29) | (b >>> 3)) ^ a;
    a = (a + b) | 0;
    b = ((b << 16) | (b >>> 16)) ^ a;
    a = (a + b) | 0;
    b = ((b << 24) | (b >>> 8)) ^ a;
    a = (a + key2) | 0;
    b = (b + key0 + 2) | 0;

    a = (a + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0;
    b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0;
    b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0;
    b = ((b << 6) | (b >>> 26)) ^ a;
    a = (a + key0) | 0;
    b = (b + key1 + 3) | 0;

    a = (a + b) | 0;
    b = ((b << 17) | (b >>> 15)) ^ a;
    return ((a >>> 5) * TWO_26 + (b >>> 6)) * TWO_MINUS_53;
  }
}

/** What the key's words and their parity word add up to under exclusive or; fixed by the definition. */
const PARITY = 0x1bd11bda;
const TWO_26 = 0x4000000;
const TWO_MINUS_53 = 1 / 0x20000000000000;
