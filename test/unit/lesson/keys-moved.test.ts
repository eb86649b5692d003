import { expect, test } from 'vitest';
import { keysMoved } from '../../../src/components/lesson/keys-moved.ts';

const joins = { before: ['s1', 's2', 's3', 's4'], after: ['s1', 's2', 's3', 's4', 's5'] };

test('four fifths of the keys move under hash mod N, a fifth on a ring, and none of those needlessly', () => {
  // Keys hashed evenly: 1 - 4/lcm(4, 5) = 80 %; nginx's hash has 32,768 values, which moves that by less than a point here.
  expect(keysMoved({ name: 'nginx-hash' }, joins, 5000).moved).toBeCloseTo(0.8, 1);
  const ring = keysMoved({ name: 'ketama' }, joins, 5000);
  // A newcomer's share of a ring of 160 points each: 1/5, with a standard deviation of 0.2 * sqrt(4 / 801) = 1.4 points.
  expect(Math.abs(ring.moved - 0.2)).toBeLessThan(0.06);
  expect(ring.needless).toBe(0);
});
