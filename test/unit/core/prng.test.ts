import { expect, test } from 'vitest';
import { InvariantError } from '../../../engine/core/invariant.ts';
import { Prng } from '../../../engine/core/prng.ts';

const mask = (bits: number) => (1n << BigInt(bits)) - 1n;

/** SplitMix64 and xoshiro128** once more, straight from their definitions in arbitrary precision. */
function* splitMix64(seed: bigint): Generator<bigint, never> {
  let state = seed;
  for (;;) {
    state = (state + 0x9e3779b97f4a7c15n) & mask(64);
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask(64);
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask(64);
    yield z ^ (z >> 31n);
  }
}

function* xoshiro128(state: [bigint, bigint, bigint, bigint]): Generator<number, never> {
  const rotate = (x: bigint, by: bigint) => ((x << by) | (x >> (32n - by))) & mask(32);
  const s = state;
  for (;;) {
    yield Number((rotate((s[1] * 5n) & mask(32), 7n) * 9n) & mask(32));
    const t = (s[1] << 9n) & mask(32);
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
  }
}

const take = (count: number, numbers: Generator<number, never>) =>
  Array.from({ length: count }, () => numbers.next().value);

test('the reference implementations give the published first outputs', () => {
  expect(splitMix64(1234567n).next().value).toBe(6457827717110365317n);
  // Of the authors' xoshiro128starstar.c, version 1.1, from the state 1, 2, 3, 4.
  expect(take(8, xoshiro128([1n, 2n, 3n, 4n]))).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849,
  ]);
});

test.each([0, 1, 42, 2 ** 32 - 1, 2 ** 53 - 1])('seed %d gives the stream of the definition', (seed) => {
  const mix = splitMix64(BigInt(seed));
  const [one, two] = [mix.next().value, mix.next().value];
  const reference = xoshiro128([one >> 32n, one & mask(32), two >> 32n, two & mask(32)]);
  const rng = new Prng(seed);
  expect(Array.from({ length: 1000 }, () => rng.u32())).toEqual(take(1000, reference));
});

test('float() is below 1 and holds 53 bits', () => {
  const rng = new Prng(3);
  const floats = Array.from({ length: 10_000 }, () => rng.float());
  expect(floats.every((x) => x >= 0 && x < 1 && Number.isInteger(x * 2 ** 53))).toBe(true);
  // The chance that all of 10,000 are multiples of 2^-52 is 2^-10000.
  expect(floats.some((x) => !Number.isInteger(x * 2 ** 52))).toBe(true);
});

test('int() covers its whole range, up to 2^32', () => {
  const rng = new Prng(4);
  expect(Array.from({ length: 10 }, () => rng.int(1))).toEqual(new Array(10).fill(0));
  expect(new Set(Array.from({ length: 1000 }, () => rng.int(7)))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
  const twin = new Prng(4);
  const other = new Prng(4);
  expect(Array.from({ length: 1000 }, () => twin.int(2 ** 32))).toEqual(
    Array.from({ length: 1000 }, () => other.u32()),
  );
});

test.each([0, -1, 1.5, NaN, 2 ** 32 + 1])('int(%d) is refused', (bound) => {
  expect(() => new Prng(1).int(bound)).toThrow(InvariantError);
});

test('the high half of the product is exact for every bound', () => {
  // int() takes it from a rounded double; arbitrary precision says what it must be, for the same draw.
  for (const bound of [3, 10, 1000, 2 ** 31 - 1, 2 ** 31 + 1, 3 * 2 ** 30, 2 ** 32 - 1]) {
    const rng = new Prng(bound);
    const twin = new Prng(bound);
    for (let i = 0; i < 2000; i += 1) {
      let product: bigint;
      do product = BigInt(twin.u32()) * BigInt(bound);
      while ((product & mask(32)) < (1n << 32n) % BigInt(bound));
      expect(rng.int(bound)).toBe(Number(product >> 32n));
    }
  }
});

test('who holds a stream cannot change how all streams draw', () => {
  const prototype = Object.getPrototypeOf(new Prng(1)) as object;
  for (const name of Reflect.ownKeys(prototype)) {
    expect(Reflect.defineProperty(prototype, name, { value: () => 0 })).toBe(false);
  }
});
