import { expect, test } from 'vitest';
import { targetTracking } from '../../../engine/tier/target-tracking.ts';

const at = (seconds: number) => seconds * 1_000_000;
const now = { stabiliseUs: 0 };

test('it wants as many members as bring each to the target, rounded up', () => {
  const scaler = targetTracking({ target: 50, ...now });
  expect(scaler.desired({ ready: 4, coming: 0, metric: 100 }, at(0))).toBe(8);
  expect(scaler.desired({ ready: 4, coming: 0, metric: 63 }, at(1))).toBe(6);
  expect(scaler.desired({ ready: 8, coming: 0, metric: 20 }, at(2))).toBe(4);
});

test('members on their way count: it does not order them twice', () => {
  expect(targetTracking({ target: 0.5, ...now }).desired({ ready: 4, coming: 4, metric: 1 }, at(0))).toBe(8);
});

test('within the tolerance nothing changes', () => {
  const scaler = targetTracking({ target: 0.5, ...now });
  expect(scaler.desired({ ready: 4, coming: 1, metric: 0.549 }, at(0))).toBe(5);
  expect(scaler.desired({ ready: 4, coming: 0, metric: 0.551 }, at(0))).toBe(5);
});

test('what it wanted within the window is not undercut, and is forgotten after it', () => {
  const scaler = targetTracking({ target: 0.5, stabiliseUs: 300_000_000 });
  expect(scaler.desired({ ready: 4, coming: 0, metric: 1 }, at(0))).toBe(8);
  expect(scaler.desired({ ready: 8, coming: 0, metric: 0.1 }, at(100))).toBe(8);
  expect(scaler.desired({ ready: 8, coming: 0, metric: 0.1 }, at(299))).toBe(8);
  expect(scaler.desired({ ready: 8, coming: 0, metric: 0.1 }, at(300))).toBe(2);
});

test('without a reading it leaves things as they are', () => {
  expect(targetTracking().desired({ ready: 0, coming: 3, metric: NaN }, at(0))).toBe(3);
});
