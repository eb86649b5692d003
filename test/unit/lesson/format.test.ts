import { expect, test } from 'vitest';
import {
  formatClock,
  formatCount,
  formatRate,
  formatShare,
  formatUs,
  unbroken,
} from '../../../src/components/chart/format.ts';

test('a duration has three digits and the unit that fits', () => {
  const plain = (us: number): string => formatUs(us).replace('\u00a0', ' ');
  expect([412, 81_000, 97_400, 999_499, 999_500, 1_830_000, 12_340_000].map(plain)).toEqual([
    '412 µs',
    '81 ms',
    '97.4 ms',
    '999 ms',
    '1 s',
    '1.83 s',
    '12.3 s',
  ]);
  expect(plain(0)).toBe('0 ms');
  expect(plain(Number.NaN)).toBe('–');
});

test('a number and its unit never part', () => {
  expect(formatUs(81_000)).toContain('\u00a0');
  expect(formatShare(0.125)).toBe('12.5\u00a0%');
  expect(unbroken('After 8 s at 300 req/s, 5 servers')).toBe('After 8\u00a0s at 300\u00a0req/s, 5 servers');
});

test('counts, rates and clocks are written the same way everywhere', () => {
  expect(formatCount(4_028)).toBe('4,028');
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect([formatRate(37.5), formatRate(60), formatRate(1200)]).toEqual(['37.5/s', '60/s', '1,200/s']);
  expect(formatClock(11_200_000)).toBe('11.200');
});
