import { expect, test } from 'vitest';
import { cellsOf, placeWords, type Row } from '../../../src/components/kata/compared.ts';

function row(name: string, p99Us: number, more: Partial<Row> = {}): Row {
  const whose = name === 'Yours' ? 'yours' : 'shipped';
  return { name, whose, p99Us, served: 1003, failed: 0, shares: [0.245, 0.2541], peak: 4, steps: undefined, ...more };
}

test('says where yours falls by its p99, and with whom it shares the place', () => {
  expect(placeWords([row('random', 9000), row('Yours', 5000)])).toBe('Yours has the lowest p99 of 2.');
  expect(placeWords([row('a', 4000), row('Yours', 5000), row('b', 5000), row('c', 6000)])).toBe(
    'Yours has the second lowest p99 of 4, shared with one other.',
  );
});

test('does not rank what is equal, or what served nobody', () => {
  expect(placeWords([row('Yours', 2000), row('maglev', 2000)])).toMatch(/^All 2 have the same p99/);
  expect(placeWords([row('Yours', NaN), row('maglev', 2000)])).toBe('');
});

test('a percentile stands beside the number it is of, and steps that nobody counted are left out', () => {
  expect(cellsOf(row('Yours', 94_700, { steps: 5.04 }))).toEqual([
    '94.7\u00a0ms',
    '1,003',
    '0',
    '24.5 to 25.4\u00a0%',
    '4',
    '5',
  ]);
  expect(cellsOf(row('random', NaN, { shares: [NaN, NaN] }))).toEqual(['–', '1,003', '0', '–', '4', undefined]);
});
