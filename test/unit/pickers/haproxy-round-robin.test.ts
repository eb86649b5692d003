import fc from 'fast-check';
import { expect, test } from 'vitest';
import { haproxyRoundRobin } from '../../../engine/pickers/haproxy-round-robin.ts';
import { countsOf, SmallPool } from '../../contract/small-pool.ts';

const pool = (...weights: number[]) => new SmallPool(haproxyRoundRobin(), 1, weights);

test('the turns of a heavy backend are spread, and no count is ever more than a turn off the shares', () => {
  expect(pool(5, 3, 2).sequence(10).join(' ')).toBe('b0 b1 b0 b2 b0 b1 b0 b1 b0 b2');
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 }), (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const counts = countsOf(pool(...weights).sequence(3 * total));
      // Each has its turn every total / weight picks from its first on, and the firsts are not at the start: a cut may fall before or behind a turn.
      weights.forEach((weight, i) => expect(Math.abs(counts[`b${i}`]! - 3 * weight)).toBeLessThanOrEqual(1));
    }),
  );
});

test('a weight changed in the middle of a round holds at once, without a burst', () => {
  const two = pool(1, 1);
  two.sequence(7);
  two.setWeight(0, 3);
  const after = two.sequence(40);
  // 3 of 4 go to the first; one turn may be left over from the old weights at each end.
  expect(Math.abs((countsOf(after).b0 ?? 0) - 30)).toBeLessThanOrEqual(2);
  expect(after.join(' ')).not.toContain('b0 b0 b0 b0 b0');
});

test('the others share the turns of one that leaves, and its return causes no burst', () => {
  const three = pool(2, 1, 1);
  three.sequence(5);
  three.drain(0, true);
  expect(countsOf(three.sequence(20))).toEqual({ b1: 10, b2: 10 });
  three.drain(0, false);
  const back = three.sequence(40);
  expect(Math.abs((countsOf(back).b0 ?? 0) - 20)).toBeLessThanOrEqual(1);
  expect(back.join(' ')).not.toContain('b0 b0 b0');
});
