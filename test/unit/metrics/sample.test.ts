import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sample } from '../../../engine/metrics/sample.ts';

test('mean and percentiles are those of all values, however many there are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 3000 }),
      fc.integer({ min: 1, max: 100 }),
      (values, percent) => {
        const sample = new Sample();
        for (const value of values) sample.record(value);
        const answer = sample.quantile(percent);
        const reached = (limit: number) =>
          values.filter((value) => value <= limit).length >= (percent * values.length) / 100;
        expect(values).toContain(answer);
        expect(reached(answer)).toBe(true);
        expect(reached(answer - 1)).toBe(false);
        expect(sample.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 6);
      },
    ),
  );
});

test('a value recorded after a percentile was asked for counts', () => {
  const sample = new Sample();
  sample.record(5);
  expect(sample.quantile(100)).toBe(5);
  sample.record(9);
  expect(sample.quantile(100)).toBe(9);
  expect(sample.count).toBe(2);
});

test('an empty sample has neither', () => {
  expect(new Sample().mean).toBeNaN();
  expect(new Sample().quantile(50)).toBeNaN();
});
