import { expect, test } from 'vitest';
import { Rehearsal } from '../../../engine/cli/conform/rehearsal.ts';
import { earliestDeadlineFirst } from '../../../engine/pickers/earliest-deadline-first.ts';
import { countsOf, SmallPool } from '../../contract/small-pool.ts';

test('beginning as if k picks were made gives the sequence from its k-th pick on', () => {
  const weights = [3, 2, 2];
  const from = (picks: number, count: number) =>
    Rehearsal.ofWeights(earliestDeadlineFirst(), weights, picks).tell().picks(count);
  const whole = from(0, 40);
  for (const k of [1, 2, 5, 11, 20]) {
    const counts = (sequence: readonly (number | null)[]) =>
      [0, 1, 2].map((slot) => sequence.filter((s) => s === slot).length);
    expect(counts(from(k, 7))).toEqual(counts(whole.slice(k, k + 7)));
  }
});

test('a changed weight takes effect when the backend has had its next turn', () => {
  const two = new SmallPool(earliestDeadlineFirst({ start: 'first' }), 1, [2, 1]);
  two.sequence(3);
  two.setWeight(1, 6);
  expect(countsOf(two.sequence(82)).b1).toBeGreaterThan(58);
});

test('equal weights rotate, from a place drawn at random', () => {
  const first = (draw: number) => Rehearsal.ofWeights(earliestDeadlineFirst(), [2, 2, 2], draw).tell().picks(4);
  expect(first(0)).toEqual([0, 1, 2, 0]);
  expect(first(7)).toEqual([1, 2, 0, 1]);
});
