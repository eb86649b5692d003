import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smoothWeightedRoundRobin } from '../../../engine/pickers/smooth-weighted-round-robin.ts';
import { countsOf, SmallPool } from '../../contract/small-pool.ts';

const pool = (weights: readonly number[]) => new SmallPool(smoothWeightedRoundRobin(), 1, weights);

test('weights 5, 1, 1 are spread out, not dealt in blocks', () => {
  expect(pool([5, 1, 1]).sequence(7)).toEqual(['b0', 'b0', 'b1', 'b0', 'b2', 'b0', 'b0']);
});

test('in each period every backend gets its weight, and the next period is the same again', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 }), (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const fresh = pool(weights);
      const period = fresh.sequence(total);
      expect(countsOf(period)).toEqual(Object.fromEntries(weights.map((weight, i) => [`b${i}`, weight])));
      expect(fresh.sequence(total)).toEqual(period);
    }),
  );
});

test('a changed weight counts from the next pick on', () => {
  const two = pool([1, 1]);
  two.sequence(2);
  two.setWeight(0, 3);
  expect(countsOf(two.sequence(40))).toEqual({ b0: 30, b1: 10 });
});

test('a new backend at the place of an old one begins at zero', () => {
  const two = pool([1, 9]);
  two.sequence(3);
  two.remove(1);
  two.add(9, 1);
  expect(countsOf(two.sequence(1))).toEqual({ b2: 1 });
});
