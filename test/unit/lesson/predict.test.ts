import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linearRuler, logRuler, nearestMark, partOf } from '../../../src/components/lesson/scale.ts';
import { comparedWords, keptValue, shownValue } from '../../../src/components/lesson/units.ts';

test('a log ruler has eighteen marks a decade and a long one at each power of ten', () => {
  const ruler = logRuler(10, 10_000);
  expect(ruler.values).toHaveLength(3 * 18 + 1);
  expect(ruler.long.map((index) => ruler.values[index])).toEqual([10, 100, 1000, 10_000]);
  expect(ruler.values).toContain(350);
  expect(partOf(ruler, 100, 'log')).toBeCloseTo(1 / 3);
});

test('a jump moves by a decade, or by a labelled stretch', () => {
  const log = logRuler(10, 10_000);
  expect(log.values[5 + log.jump]).toBeCloseTo(log.values[5]! * 10);
  const linear = linearRuler(0, 100, 5);
  expect(linear.long.map((index) => linear.values[index])).toEqual([0, 25, 50, 75, 100]);
});

test('the mark nearest to a place is the mark that stands there', () => {
  for (const [ruler, scale] of [
    [logRuler(1, 1000), 'log'],
    [linearRuler(0, 60, 1), 'linear'],
  ] as const) {
    ruler.values.forEach((value, index) => expect(nearestMark(ruler, partOf(ruler, value, scale), scale)).toBe(index));
  }
});

test('a prediction is kept in what the chart draws and comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('ms' as const, 's' as const, '%' as const),
      fc.integer({ min: 1, max: 10_000 }),
      (unit, value) => {
        expect(shownValue(unit, keptValue(unit, value))).toBeCloseTo(value);
      },
    ),
  );
  expect(keptValue('ms', 350)).toBe(350_000);
});

test('the comparison says how far off, in either direction', () => {
  expect(comparedWords(1660, 350)).toBe('4.7\u00a0times yours');
  expect(comparedWords(350, 1660)).toBe('yours is 4.7\u00a0times that');
  expect(comparedWords(350, 340)).toBe('within a tenth of yours');
});
