import { describe, expect, test } from 'vitest';
import { Digest } from '../../../engine/core/digest.ts';
import { exp, ln, sineOfTurns } from '../../../engine/core/maths.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { expError, lnError } from './precise.ts';

const rng = new Prng(1);
const some = (count: number, draw: () => number) => Array.from({ length: count }, draw);

/** Numbers from every part of a function's range, and those where its parts meet. */
const forLn = [
  ...some(3000, () => rng.float()),
  ...some(1000, () => 1 + (rng.float() - 0.5) * 1e-3),
  ...some(1000, () => 1 + (rng.float() - 0.5) * 1e-9),
  ...some(1000, () => rng.float() * 1e12),
  ...some(1000, () => 2 ** (rng.int(2000) - 1000) * (1 + rng.float())),
  ...some(200, () => rng.float() * 2 ** -1030),
  ...[Math.SQRT1_2, Math.SQRT2, 2, 0.5, 1 - 2 ** -53, 1 + 2 ** -52, 2 ** -1022, Number.MIN_VALUE, Number.MAX_VALUE],
];
const forExp = [
  ...some(3000, () => -40 * rng.float()),
  ...some(2000, () => (rng.float() - 0.5) * 1400),
  ...some(1000, () => (rng.float() - 0.5) * 1e-6),
  ...[Math.LN2 / 2, -Math.LN2 / 2, 1, -1, 709.78, -708.39],
];

const worst = (errors: number[]) => Math.max(...errors.map(Math.abs));

describe('ln', () => {
  test('is within one unit in the last place of the true value', () => {
    expect(worst(forLn.map((x) => lnError(x, ln(x))))).toBeLessThan(1);
  });

  test('knows its special values', () => {
    expect([ln(1), ln(0), ln(Infinity)]).toEqual([0, -Infinity, Infinity]);
    expect([ln(-1), ln(NaN), ln(-Infinity)]).toEqual([NaN, NaN, NaN]);
  });
});

describe('exp', () => {
  test('is within one unit in the last place of the true value', () => {
    expect(worst(forExp.map((x) => expError(x, exp(x))))).toBeLessThan(1);
  });

  test('knows its special values', () => {
    expect([exp(0), exp(-0), exp(710), exp(-746), exp(Infinity), exp(-Infinity)]).toEqual([
      1,
      1,
      Infinity,
      0,
      Infinity,
      0,
    ]);
    expect(exp(NaN)).toBeNaN();
  });

  test('fades out through the subnormal numbers', () => {
    // There the last place is worth 2^-1074: two units of it, as the function says.
    for (const x of [-708.5, -710, -720.25, -740, -744.9, -745.1]) {
      expect(Math.abs(exp(x) - Math.exp(x)) / Number.MIN_VALUE).toBeLessThanOrEqual(2);
    }
    expect(exp(-745.13)).toBe(Number.MIN_VALUE);
  });
});

test('the bits of both are the same on every machine', () => {
  // The digest of all results above, as first computed. It may only change with the functions or the numbers themselves.
  const digest = new Digest();
  const words = new Uint32Array(2);
  const double = new DataView(words.buffer);
  for (const result of [...forLn.map(ln), ...forExp.map(exp)]) {
    double.setFloat64(0, result);
    digest.add(double.getUint32(0));
    digest.add(double.getUint32(4));
  }
  expect(digest.hex()).toBe('e52294b1b7aa51fb');
});

test('the sine of whole and part turns is that of Math.sin to its rounding', () => {
  for (const turns of [0, 0.25, 0.5, 0.75, 1, 7.25])
    expect(sineOfTurns(turns)).toBeCloseTo([0, 1, 0, -1][(turns % 1) * 4]!, 15);
  // 2 pi x is rounded once on either side: off by up to 2^-53 of 2 pi each.
  for (let at = -1_000; at < 1_000; at++)
    expect(Math.abs(sineOfTurns(at / 997) - Math.sin((2 * Math.PI * at) / 997))).toBeLessThan(2e-15);
});
