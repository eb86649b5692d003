import { expect, test } from 'vitest';
import { drawCurve, marks } from '../../../src/components/lesson/curve.ts';

test('gridlines enclose the values: round steps from 0, or decades', () => {
  expect(marks('linear', 3, 26)).toEqual([0, 10, 20, 30]);
  expect(marks('linear', 0, 1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(marks('log', 2.07, 49.7)).toEqual([2, 5, 10, 20, 50]);
  expect(marks('log', 3, 4000)).toEqual([1, 10, 100, 1000, 10_000]);
});

test('labels of lines that end close together stand apart, in the order of the lines', () => {
  const axis = { scale: 'linear', words: String } as const;
  const { lines } = drawCurve(
    { width: 800, height: 330, labels: 170 },
    [0, 1],
    [
      { label: 'low', ys: [0, 10] },
      { label: 'high', ys: [0, 10.5] },
      { label: 'far', ys: [0, 30] },
    ],
    axis,
    axis,
  );
  const at = Object.fromEntries(lines.map(({ label, labelY }) => [label, labelY]));
  expect(at['low']! - at['high']!).toBeGreaterThanOrEqual(17);
  expect(at['far']!).toBeLessThan(at['high']!);
});
