import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Word64 } from '../../../../engine/core/hashes/word64.ts';

const word = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const wrapped = (value: bigint) => BigInt.asUintN(64, value);

test('every operation agrees with 64-bit arithmetic on BigInts', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(Word64.of(a).toBigInt()).toBe(a);
      expect(Word64.of(a).add(Word64.of(b)).toBigInt()).toBe(wrapped(a + b));
      expect(Word64.of(a).multiply(Word64.of(b)).toBigInt()).toBe(wrapped(a * b));
      expect(Word64.of(a).xor(Word64.of(b)).toBigInt()).toBe(a ^ b);
    }),
  );
});

test('turns and shifts agree for every amount a hash uses', () => {
  fc.assert(
    fc.property(word, fc.integer({ min: 1, max: 63 }), (a, by) => {
      expect(Word64.of(a).xorShiftRight(by).toBigInt()).toBe(a ^ (a >> BigInt(by)));
      if (by === 32) return;
      expect(Word64.of(a).rotateLeft(by).toBigInt()).toBe(wrapped(a << BigInt(by)) | (a >> BigInt(64 - by)));
    }),
  );
});

test('the rest of a division takes the number as unsigned', () => {
  fc.assert(
    fc.property(word, fc.integer({ min: 1, max: 2 ** 37 }), (a, modulus) => {
      expect(Word64.of(a).remainder(modulus)).toBe(Number(a % BigInt(modulus)));
    }),
  );
});
