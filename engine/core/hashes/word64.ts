/**
 * A 64-bit whole number as two 32-bit halves, changed in place: 64-bit hashes without a BigInt for each step. The halves are signed, as
 * JavaScript's bit operators leave them; comparisons and remainders take them as unsigned.
 */
export class Word64 {
  hi = 0;
  lo = 0;

  static of(value: bigint): Word64 {
    return new Word64().set(Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value)));
  }

  set(hi: number, lo: number): this {
    this.hi = hi | 0;
    this.lo = lo | 0;
    return this;
  }

  copy(other: Word64): this {
    this.hi = other.hi;
    this.lo = other.lo;
    return this;
  }

  add(other: Word64): this {
    const low = (this.lo >>> 0) + (other.lo >>> 0);
    this.hi = (this.hi + other.hi + (low > 0xffffffff ? 1 : 0)) | 0;
    this.lo = low | 0;
    return this;
  }

  multiply(by: Word64): this {
    const a = this.lo;
    const b = by.lo;
    this.hi = (highHalf(a, b) + Math.imul(this.hi, b) + Math.imul(a, by.hi)) | 0;
    this.lo = Math.imul(a, b);
    return this;
  }

  xor(other: Word64): this {
    this.hi ^= other.hi;
    this.lo ^= other.lo;
    return this;
  }

  /** `by` is from 1 to 63 and not 32. */
  rotateLeft(by: number): this {
    const left = by < 32 ? this.hi : this.lo;
    const right = by < 32 ? this.lo : this.hi;
    const shift = by & 31;
    this.hi = (left << shift) | (right >>> (32 - shift));
    this.lo = (right << shift) | (left >>> (32 - shift));
    return this;
  }

  /** x ^= x >>> by, for `by` from 1 to 63. */
  xorShiftRight(by: number): this {
    if (by < 32) {
      this.lo ^= (this.lo >>> by) | (this.hi << (32 - by));
      this.hi ^= this.hi >>> by;
    } else this.lo ^= this.hi >>> (by - 32);
    return this;
  }

  /** The rest of the unsigned number after division by `modulus`, which is from 1 to 2^37. */
  remainder(modulus: number): number {
    // 16 bits at a time: every product stays below 2^53.
    let rest = (this.hi >>> 0) % modulus;
    rest = (rest * 0x10000 + (this.lo >>> 16)) % modulus;
    return (rest * 0x10000 + (this.lo & 0xffff)) % modulus;
  }

  toBigInt(): bigint {
    return (BigInt(this.hi >>> 0) << 32n) | BigInt(this.lo >>> 0);
  }
}

/** The high 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function highHalf(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  // At most (2^16 - 1)^2 + 2 (2^16 - 1) = 2^32 - 1: no sum leaves 32 bits.
  const low = (Math.imul(a1, b0) >>> 0) + (Math.imul(a0, b0) >>> 16);
  const middle = (Math.imul(a0, b1) >>> 0) + (low & 0xffff);
  return Math.imul(a1, b1) + (low >>> 16) + (middle >>> 16);
}
