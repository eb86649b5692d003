/**
 * A running 64-bit digest of a sequence of whole numbers between -2^53 and 2^53: two runs are the same if their digests are.
 * Not a cryptographic hash. (DECISIONS.md, 12)
 *
 * The state is two 32-bit lanes. Each number enters as its low and high 32 bits, and each step is a bijection: of the number for a given
 * state, so two sequences that differ in one number differ in the digest; and of the state for a given number, so no later step forgets it.
 */
export class Digest {
  #a = 0x243f6a88 | 0;
  #b = 0x85a308d3 | 0;

  add(value: number): void {
    const low = value | 0;
    const high = ((value - (low >>> 0)) * INVERSE_TWO_32) | 0;
    let a = Math.imul(this.#a ^ this.#b ^ low, 0x9e3779b1);
    a = (a << 15) | (a >>> 17);
    const b = Math.imul(this.#b ^ a ^ high, 0x85ebca6b);
    this.#a = a;
    this.#b = (b << 13) | (b >>> 19);
  }

  /** 16 hexadecimal digits. */
  hex(): string {
    return word(avalanche(this.#a ^ avalanche(this.#b))) + word(avalanche(this.#b));
  }
}

const INVERSE_TWO_32 = 1 / 0x100000000;

/** Spreads each bit over the whole word; a bijection (the finaliser of MurmurHash3). */
function avalanche(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function word(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
