import { expect, test } from 'vitest';
import { BAD_LUCK, chanceBounds } from '../../../engine/grade/tolerance.ts';

/** P(X <= k) of a binomial, summed from exact terms kept as logarithms. */
function probabilities(n: number, p: number): number[] {
  const logs: number[] = [n * Math.log1p(-p)];
  for (let k = 1; k <= n; k++) logs.push(logs[k - 1]! + Math.log((n - k + 1) / k) + Math.log(p) - Math.log1p(-p));
  return logs.map((log) => Math.exp(log));
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

test.each([
  [400, 1 / 3],
  [3000, 1 / 2],
  [3000, 1 / 7],
  [4000, 1 / 10],
  [5000, 1 / 50],
])('of %i draws with chance %f, less than one in a billion runs falls outside on either side', (n, p) => {
  const { low, high } = chanceBounds(n, n * p);
  const exact = probabilities(n, p);
  expect(sum(exact.slice(0, low))).toBeLessThan(BAD_LUCK);
  expect(sum(exact.slice(high + 1))).toBeLessThan(BAD_LUCK);
  // And no wider than it need be: 6 standard deviations are one in a billion, and Chernoff's bound costs less than one more.
  const deviation = Math.sqrt(n * p * (1 - p));
  expect(high - n * p).toBeLessThan(7.2 * deviation);
  expect(n * p - low).toBeLessThan(7.2 * deviation);
});

test('a certain outcome leaves no room, and no draws no expectation', () => {
  expect(chanceBounds(100, 100)).toEqual({ low: 100, high: 100 });
  expect(chanceBounds(0, 0)).toEqual({ low: 0, high: 0 });
});

test('few draws allow anything that chance allows', () => {
  expect(chanceBounds(10, 5)).toEqual({ low: 0, high: 10 });
});
