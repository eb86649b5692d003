import { expect, test } from 'vitest';
import { blockWeightedRoundRobin } from '../../../engine/pickers/block-weighted-round-robin.ts';
import { SmallPool } from '../../contract/small-pool.ts';

const pool = (...weights: number[]) => new SmallPool(blockWeightedRoundRobin(), 1, weights);

test('each backend gets its turns in a row', () => {
  expect(pool(3, 2, 1).sequence(7)).toEqual(['b0', 'b0', 'b0', 'b1', 'b1', 'b2', 'b0']);
});

test('the block of a backend that leaves ends, and the next begins a whole one', () => {
  const three = pool(3, 2, 1);
  expect(three.sequence(1)).toEqual(['b0']);
  three.remove(0);
  expect(three.sequence(4)).toEqual(['b1', 'b1', 'b2', 'b1']);
});

test('a lowered weight counts the turns already taken', () => {
  const two = pool(4, 1);
  expect(two.sequence(2)).toEqual(['b0', 'b0']);
  two.setWeight(0, 2);
  expect(two.sequence(3)).toEqual(['b1', 'b0', 'b0']);
});

test('weights that are not whole numbers are refused', () => {
  expect(() => pool(1.5, 1).sequence(1)).toThrow('weights must be whole numbers, found 1.5 on b0');
});
