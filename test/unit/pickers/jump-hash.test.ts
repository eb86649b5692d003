import { expect, test } from 'vitest';
import { Word64 } from '../../../engine/core/hashes/word64.ts';
import { jumpBucket, jumpHash } from '../../../engine/pickers/jump-hash.ts';
import { countsOf, SmallPool } from '../../contract/small-pool.ts';

const KEYS = 10_000;
const bucketOf = (key: number, buckets: number) => jumpBucket(Word64.of(BigInt(key) * 0x9e3779b97f4a7c15n), buckets);

test('a new bucket takes its part from all others, and no key moves between those', () => {
  let moved = 0;
  for (let key = 0; key < KEYS; key++) {
    const [before, after] = [bucketOf(key, 9), bucketOf(key, 10)];
    if (before === after) continue;
    expect(after).toBe(9);
    moved++;
  }
  // Binomial with p = 1/10: 5 standard deviations are 150.
  expect(Math.abs(moved - KEYS / 10)).toBeLessThan(150);
});

test('every bucket gets its part', () => {
  const counts = Array.from({ length: 7 }, () => 0);
  for (let key = 0; key < KEYS; key++) counts[bucketOf(key, 7)]! += 1;
  // 5 standard deviations of a binomial count with p = 1/7 are 175.
  for (const count of counts) expect(Math.abs(count - KEYS / 7)).toBeLessThan(175);
});

test('a backend that is out loses its keys to all others, and no other key moves', () => {
  const owners = (out?: number) => {
    const pool = new SmallPool(jumpHash(), 1, [1, 1, 1, 1, 1]);
    if (out !== undefined) pool.drain(out, true);
    return pool.sequence(2_000);
  };
  const [before, after] = [owners(), owners(1)];
  const heirs = before.flatMap((owner, key) => (owner === 'b1' ? [after[key]!] : []));
  expect(before.every((owner, key) => owner === 'b1' || owner === after[key])).toBe(true);
  // 400 keys, a quarter of them each: 5 standard deviations are 45.
  for (const count of Object.values(countsOf(heirs))) expect(Math.abs(count - heirs.length / 4)).toBeLessThan(45);
  expect(Object.keys(countsOf(heirs)).sort()).toEqual(['b0', 'b2', 'b3', 'b4']);
});
