import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  binned,
  columnsOf,
  decades,
  everySecond,
  nearestRank,
  oneTwoFives,
  spread,
} from '../../../src/components/chart/points.ts';
import { numberTicks } from '../../../src/components/chart/stems-state.ts';

test('labels keep their order and a gap, and none leaves the plot when they fit', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 5 }), (raw) => {
      const ys = raw.toSorted((a, b) => a - b);
      const placed = spread(ys, 16, 200);
      placed.forEach((y, index) => {
        expect(y).toBeLessThanOrEqual(200 + 1e-9);
        if (index > 0) expect(y - placed[index - 1]!).toBeGreaterThanOrEqual(16 - 1e-9);
      });
    }),
  );
});

test('labels that do not touch stay where they are', () => {
  expect(spread([10, 60, 120], 16, 200)).toEqual([10, 60, 120]);
});

test('of two labels that would touch the lower one moves down', () => {
  expect(spread([50, 52], 16, 200)).toEqual([50, 66]);
});

test('the axis spans whole decades, two at least, and holds every value', () => {
  expect(decades([120_000, 150_000])).toEqual([100_000, 10_000_000]);
  expect(decades([9_000, 1_500_000, null])).toEqual([1_000, 10_000_000]);
  expect(decades([])).toEqual([1_000, 1_000_000]);
});

test('a gap in the series is null, also after it came through JSON', () => {
  const series = [100_000, Number.NaN, Number.NaN, Number.NaN, 0, 200_000, 1000, 2000, 3000, 12];
  const sent = JSON.parse(JSON.stringify(series)) as (number | null)[];
  expect(columnsOf(sent)).toEqual(columnsOf(series));
  expect(columnsOf(series)).toMatchObject({ atS: [0.1, 0.2], p50: [null, 1000], n: [0, 12] });
});

test('the table has one row a second and the newest', () => {
  const series = [0.4, 0.8, 1.2, 1.6, 2.0, 2.4].flatMap((atS) => [atS * 1_000_000, 1, 2, 3, 4]);
  expect(everySecond(columnsOf(series))).toEqual([1, 3, 5]);
});

test('a distribution counts every value once, each in its stretch', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60_000_000 }), { minLength: 1, maxLength: 300 }), (values) => {
      const [low, high] = decades(values);
      const bins = binned(values, low, high);
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
      for (const value of values) {
        expect(
          bins.some(({ fromUs, toUs, count }) => count > 0 && value >= fromUs * 0.999 && value <= toUs * 1.001),
        ).toBe(true);
      }
    }),
  );
  expect(nearestRank([30, 10, 20, 40], 50)).toBe(20);
});

test('an axis of few decades has steps of 1, 2 and 5 that hold its values', () => {
  expect(oneTwoFives(40_000, 580_000)).toEqual([20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000]);
  expect(oneTwoFives(100, 100)).toEqual([100, 200, 500]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e7 }), fc.integer({ min: 1, max: 1e7 }), (one, other) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      const steps = oneTwoFives(low, high);
      expect(steps[0]).toBeLessThanOrEqual(low);
      expect(steps[1]).toBeGreaterThan(low);
      expect(steps.at(-1)).toBeGreaterThanOrEqual(high);
    }),
  );
});

test('numbers under an axis are round, and the first and the last stand there with room about them', () => {
  expect(numberTicks(1, 26, 3.5)).toEqual([1, 5, 10, 15, 20, 26]);
  expect(numberTicks(2891, 2910, 5)).toEqual([2891, 2900, 2905, 2910]);
  expect(numberTicks(7, 7, 5)).toEqual([7]);
});
