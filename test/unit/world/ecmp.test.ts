import { expect, test } from 'vitest';
import { hashThreshold, modulo, resilientTable, withoutHop } from '../../../engine/world/ecmp.ts';

const SPACE = 2520;
const hashes = Array.from({ length: SPACE }, (_, hash) => hash);

test.each([3, 5, 8])('hash-threshold moves a half when an end of %i hops leaves, and least in the middle', (hops) => {
  const moved = (lost: number) => {
    const left = Array.from({ length: hops }, (_, hop) => hop).filter((hop) => hop !== lost);
    const changed = hashes.filter((hash) => {
      const after = left[hashThreshold(hash, SPACE, left.length)];
      return after !== hashThreshold(hash, SPACE, hops);
    });
    return changed.length / SPACE;
  };
  expect(moved(0)).toBeCloseTo(1 / 2, 3);
  expect(moved(hops - 1)).toBeCloseTo(1 / 2, 3);
  // RFC 2992: 1/4 + 1/(4 n) for the middle of an odd number.
  const middle = (hops - 1) / 2;
  if (Number.isInteger(middle)) expect(moved(middle)).toBeCloseTo(1 / 4 + 1 / (4 * hops), 3);
});

test('every hop gets its part, by threshold and by remainder', () => {
  for (const hopOf of [(hash: number) => hashThreshold(hash, SPACE, 7), (hash: number) => modulo(hash, 7)]) {
    for (let hop = 0; hop < 7; hop++) expect(hashes.filter((hash) => hopOf(hash) === hop)).toHaveLength(SPACE / 7);
  }
});

test('a resilient table moves the lost buckets alone, and deals them out evenly', () => {
  const before = resilientTable(120, [0, 1, 2, 3]);
  const after = withoutHop(before, 2, [0, 1, 3]);
  expect([...after].filter((hop, bucket) => hop !== before[bucket])).toHaveLength(30);
  for (const hop of [0, 1, 3]) expect([...after].filter((owner) => owner === hop)).toHaveLength(40);
});
