import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Prng } from '../../engine/core/prng.ts';
import { chiSquare, chiSquareBounds } from './statistics.ts';

const draws = 200_000;

function counted(cells: number, draw: () => number): Float64Array {
  const counts = new Float64Array(cells);
  for (let i = 0; i < draws; i += 1) counts[draw()]! += 1;
  return counts;
}

function expectUniform(counts: Float64Array): void {
  const statistic = chiSquare(counts);
  const { low, high } = chiSquareBounds(counts.length - 1);
  expect(statistic).toBeGreaterThan(low);
  expect(statistic).toBeLessThan(high);
}

describe('draws are uniform', () => {
  test.each([2, 3, 5, 10, 64, 100, 1000])('int(%i)', (bound) => {
    const rng = new Prng(20);
    expectUniform(counted(bound, () => rng.int(bound)));
  });

  test('the high bits of float()', () => {
    const rng = new Prng(21);
    expectUniform(counted(256, () => Math.floor(rng.float() * 256)));
  });

  test('the low bits of float()', () => {
    const rng = new Prng(22);
    expectUniform(counted(256, () => (rng.float() * 2 ** 53) % 256));
  });

  test('pairs of successive draws', () => {
    const rng = new Prng(23);
    expectUniform(counted(400, () => rng.int(20) * 20 + rng.int(20)));
  });

  test('pairs of draws from two forks, and from a fork and its parent', () => {
    const root = new Prng(24);
    const [a, b] = [root.fork('a'), root.fork('b')];
    expectUniform(counted(400, () => a.int(20) * 20 + b.int(20)));
    expectUniform(counted(400, () => a.int(20) * 20 + root.int(20)));
  });

  test('the first draws of forks with similar labels', () => {
    const root = new Prng(25);
    let n = 0;
    expectUniform(counted(64, () => root.fork(`s${(n += 1)}`).int(64)));
  });

  test('int() is unbiased where the remainder of a division would not be', () => {
    // With bound 3 · 2^30 the remainder of 32 bits would fall below 2^30 half of the time, not a third. Binomial: 5 standard deviations.
    const rng = new Prng(26);
    let below = 0;
    for (let i = 0; i < draws; i += 1) if (rng.int(3 * 2 ** 30) < 2 ** 30) below += 1;
    expect(Math.abs(below - draws / 3)).toBeLessThan(5 * Math.sqrt((draws * 2) / 9));
  });
});

describe('streams are independent', () => {
  const label = fc.string({ maxLength: 12 });
  const someDraws = fc.nat(50);
  const first = (rng: Prng) => Array.from({ length: 8 }, () => rng.u32());

  test('a draw or a fork in one stream moves nothing in another', () => {
    fc.assert(
      fc.property(fc.nat(), label, label, someDraws, (seed, mine, other, count) => {
        const quiet = first(new Prng(seed).fork(mine));
        const root = new Prng(seed);
        for (let i = 0; i < count; i += 1) root.u32();
        const neighbour = root.fork(other);
        for (let i = 0; i < count; i += 1) neighbour.fork(mine).u32();
        expect(first(root.fork(mine))).toEqual(quiet);
      }),
    );
  });

  test('different labels, paths and seeds give different streams', () => {
    fc.assert(
      fc.property(fc.nat(), label, label, (seed, one, other) => {
        fc.pre(one !== other);
        const root = new Prng(seed);
        expect(first(root.fork(one))).not.toEqual(first(root.fork(other)));
        expect(first(root.fork(one).fork(other))).not.toEqual(first(root.fork(other).fork(one)));
        expect(first(root.fork(one))).not.toEqual(first(new Prng(seed + 1).fork(one)));
      }),
    );
  });
});
