import { expect, test } from 'vitest';
import { Digest } from '../../../engine/core/digest.ts';
import { Prng } from '../../../engine/core/prng.ts';

function digestOf(numbers: readonly number[]): string {
  const digest = new Digest();
  for (const number of numbers) digest.add(number);
  return digest.hex();
}

test('the same numbers give the same 16 hexadecimal digits, everywhere', () => {
  // As first computed. Recorded digests of runs depend on these: they never change.
  expect(digestOf([])).toBe('ab5f10c6ede1521e');
  expect(digestOf([1, 2, 3])).toBe('1da854965dd2582b');
  expect(digestOf([0, -1, 2 ** 32, -(2 ** 32), 2 ** 53 - 1, 1 - 2 ** 53])).toBe('485d24d5e2016164');
});

test('reading it changes nothing', () => {
  const digest = new Digest();
  digest.add(1);
  digest.hex();
  digest.add(2);
  expect(digest.hex()).toBe(digestOf([1, 2]));
});

test('numbers that share their low or high bits are told apart', () => {
  const numbers = [
    0,
    1,
    -1,
    2 ** 31,
    -(2 ** 31),
    2 ** 32,
    2 ** 32 - 1,
    2 ** 32 + 1,
    -(2 ** 32),
    2 ** 33,
    2 ** 52,
    2 ** 53 - 1,
  ];
  expect(new Set(numbers.map((number) => digestOf([number]))).size).toBe(numbers.length);
});

test('one changed bit changes half of the digest', () => {
  // 64 bits, each of which should flip with probability 1/2: on average 32, with standard deviation 4 / sqrt(trials) = 0.089.
  const rng = new Prng(6);
  const trials = 2000;
  let flipped = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const numbers = Array.from({ length: 10 }, () => rng.u32());
    const changed = [...numbers];
    const at = rng.int(10);
    changed[at] = (changed[at]! ^ (1 << rng.int(32))) >>> 0;
    const difference = BigInt(`0x${digestOf(numbers)}`) ^ BigInt(`0x${digestOf(changed)}`);
    flipped += difference.toString(2).replaceAll('0', '').length;
  }
  expect(Math.abs(flipped / trials - 32)).toBeLessThan(5 * 0.089);
});
