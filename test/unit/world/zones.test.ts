import { expect, test } from 'vitest';
import { failsOpen, targetShares } from '../../../engine/world/zones.ts';

test('without cross-zone balancing a target has the share of its zone, with it all have the same', () => {
  expect(targetShares([2, 8], false)).toEqual([0.25, 0.0625]);
  expect(targetShares([2, 8], true)).toEqual([0.1, 0.1]);
});

test('a zone without targets gets nothing, and the others share what it would have had', () => {
  expect(targetShares([4, 0, 2], false)).toEqual([0.125, 0, 0.25]);
});

test('a zone fails open below its minimum of healthy targets', () => {
  expect([0, 1, 2, 3].map((healthy) => failsOpen(healthy, 2))).toEqual([true, true, false, false]);
});
