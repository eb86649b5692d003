import { expect, test } from 'vitest';
import { rendezvous } from '../../../engine/pickers/rendezvous.ts';
import { SmallPool } from '../../contract/small-pool.ts';

const KEYS = 2_000;
/** Request n of every pool comes from the same address, so that pools of the same backends can be compared. */
const owners = (weights: readonly number[], change: (pool: SmallPool) => void = () => undefined) => {
  const pool = new SmallPool(rendezvous(), 1, weights);
  change(pool);
  return pool.sequence(KEYS);
};

test('a lost backend`s keys move, and no other', () => {
  const before = owners([1, 1, 1, 1, 1]);
  const after = owners([1, 1, 1, 1, 1], (pool) => pool.drain(2, true));
  before.forEach((owner, key) => {
    if (owner !== 'b2') expect(after[key]).toBe(owner);
    else expect(after[key]).not.toBe('b2');
  });
});

test('a backend whose weight grows only gains keys', () => {
  const before = owners([1, 1, 1]);
  const after = owners([1, 1, 1], (pool) => pool.setWeight(0, 3));
  expect(before.filter((owner, key) => owner === 'b0' && after[key] !== 'b0')).toEqual([]);
  expect(before.filter((owner, key) => owner !== after[key] && after[key] !== 'b0')).toEqual([]);
});
