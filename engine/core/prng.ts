import { invariant } from './invariant.ts';
import type { Rng } from './policy.ts';

/**
 * xoshiro128** 1.1: 128 bits of state, period 2^128 - 1, only 32-bit integer operations, so the same bits on every machine.
 *
 * Each purpose owns a stream: `root.fork('service').fork('s4')`. A fork depends on the seed and the labels on the way to it and on nothing
 * else, neither on draws made nor on other forks, so a draw added in one place moves nothing elsewhere. (DECISIONS.md, 3)
 *
 * Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021; seeded with SplitMix64, as they advise.
 */
export class Prng implements Rng {
  readonly #key: bigint;
  readonly #state: Int32Array;

  /** `seed` is a whole number from 0 to 2^53 - 1 (or the 64-bit key of a fork). */
  constructor(seed: number | bigint) {
    this.#key = BigInt.asUintN(64, BigInt(seed));
    const first = splitMix(this.#key + GOLDEN_GAMMA);
    const second = splitMix(this.#key + 2n * GOLDEN_GAMMA);
    // SplitMix is a bijection, so these two differ and the state is never the forbidden all-zero one.
    this.#state = Int32Array.of(
      Number(first >> 32n),
      Number(first & LOW_32),
      Number(second >> 32n),
      Number(second & LOW_32),
    );
  }

  /** An independent stream; the same label gives the same stream again. */
  fork(label: string): Prng {
    let hash = splitMix(this.#key ^ FNV_OFFSET);
    for (let i = 0; i < label.length; i += 1)
      hash = BigInt.asUintN(64, (hash ^ BigInt(label.charCodeAt(i))) * FNV_PRIME);
    return new Prng(splitMix(hash));
  }

  /** 32 random bits as a number from 0 to 2^32 - 1. */
  u32(): number {
    const s = this.#state;
    const s1 = s[1]!;
    const scrambled = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9);
    const s2 = s[2]! ^ s[0]!;
    const s3 = s[3]! ^ s1;
    s[1] = s1 ^ s2;
    s[0] = s[0]! ^ s3;
    s[2] = s2 ^ (s1 << 9);
    s[3] = rotateLeft(s3, 11);
    return scrambled >>> 0;
  }

  /** Uniform on [0, 1): 27 high bits and 26 low bits make the 53 a double holds. */
  float(): number {
    const high = this.u32() >>> 5;
    const low = this.u32() >>> 6;
    return (high * TWO_26 + low) * TWO_MINUS_53;
  }

  /**
   * Uniform on 0 … bound - 1 without bias (Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019): the high half
   * of the 64-bit product draw * bound, drawn again in the rare case that its low half falls in the uneven rest.
   */
  int(bound: number): number {
    invariant(
      Number.isInteger(bound) && bound >= 1 && bound <= TWO_32,
      `int(bound) needs a whole number from 1 to 2^32, found ${bound}`,
    );
    for (;;) {
      const draw = this.u32();
      const low = Math.imul(draw, bound) >>> 0;
      if (low >= bound || low >= (TWO_32 - bound) % bound) {
        // The double product is off by at most 2^11 of 2^64, which the division shrinks to 2^-21: rounding finds the exact high half.
        return Math.round((draw * bound - low) / TWO_32);
      }
    }
  }

  static {
    // Policies hold streams: none of them may change how all of them draw.
    Object.freeze(this.prototype);
  }
}

const TWO_26 = 0x4000000;
const TWO_32 = 0x100000000;
const TWO_MINUS_53 = 1 / 0x20000000000000;
const GOLDEN_GAMMA = 0x9e3779b97f4a7c15n;
const LOW_32 = 0xffffffffn;
const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/** The output function of SplitMix64: a bijection on 64 bits whose every output bit depends on every input bit. */
function splitMix(input: bigint): bigint {
  let z = BigInt.asUintN(64, input);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
