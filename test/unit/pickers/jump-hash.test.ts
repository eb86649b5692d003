import { expect, test } from 'vitest';
import { Word64 } from '../../../engine/core/hashes/word64.ts';
import { jumpBucket } from '../../../engine/pickers/jump-hash.ts';

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
