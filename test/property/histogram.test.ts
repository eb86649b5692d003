import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram, RELATIVE_ERROR } from '../../engine/metrics/histogram.ts';

/** Values of every size: a number of bits first, then the number. */
const value = fc
  .integer({ min: 0, max: 53 })
  .chain((bits) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n }).map(Number));
const values = fc.array(value, { minLength: 1, maxLength: 200 });
const percent = fc.constantFrom(0.1, 1, 25, 50, 90, 95, 99, 99.9, 100);

function filled(list: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const one of list) histogram.record(one);
  return histogram;
}

test('a quantile is the nearest rank, within the stated relative error', () => {
  fc.assert(
    fc.property(values, percent, (list, p) => {
      const exact = [...list].sort((a, b) => a - b)[Math.ceil((p * list.length) / 100) - 1]!;
      expect(Math.abs(filled(list).quantile(p) - exact)).toBeLessThanOrEqual(exact * RELATIVE_ERROR);
    }),
    { numRuns: 2000 },
  );
});

test('below 256 a quantile is exact', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(255), { minLength: 1 }), percent, (list, p) => {
      const exact = [...list].sort((a, b) => a - b)[Math.ceil((p * list.length) / 100) - 1];
      expect(filled(list).quantile(p)).toBe(exact);
    }),
  );
});

test('count and mean are exact', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1e9), { minLength: 1 }), (list) => {
      const histogram = filled(list);
      expect(histogram.count).toBe(list.length);
      expect(histogram.mean).toBe(list.reduce((sum, one) => sum + one, 0) / list.length);
    }),
  );
});

test('merging two is recording both', () => {
  fc.assert(
    fc.property(values, values, percent, (one, other, p) => {
      const merged = filled(one);
      merged.merge(filled(other));
      const both = filled([...one, ...other]);
      expect([merged.count, merged.quantile(p)]).toEqual([both.count, both.quantile(p)]);
    }),
  );
});

test('what is removed was never there', () => {
  fc.assert(
    fc.property(values, values, percent, (kept, removed, p) => {
      const histogram = filled([...kept, ...removed]);
      for (const one of removed) histogram.remove(one);
      const fresh = filled(kept);
      expect([histogram.count, histogram.quantile(p)]).toEqual([fresh.count, fresh.quantile(p)]);
    }),
  );
});

test('an empty one has no quantile and no mean', () => {
  expect([new Histogram().quantile(50), new Histogram().mean, new Histogram().count]).toEqual([NaN, NaN, 0]);
});

test('to remove what was not recorded, or to ask beyond 100 per cent, is a mistake', () => {
  expect(() => new Histogram().remove(5)).toThrow('no such value');
  expect(() => new Histogram().quantile(0)).toThrow('per cent');
  expect(() => new Histogram().quantile(101)).toThrow('per cent');
});
