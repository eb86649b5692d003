import { expect, test } from 'vitest';
import { Rehearsal } from '../../../engine/cli/conform/rehearsal.ts';
import { ipvsLeastConnections } from '../../../engine/pickers/ipvs-least-connections.ts';
import { ipvsWeightedRoundRobin } from '../../../engine/pickers/ipvs-weighted-round-robin.ts';
import { SmallPool } from '../../contract/small-pool.ts';

test('weights 5, 3, 2 go in falling thresholds, not in blocks', () => {
  expect(new SmallPool(ipvsWeightedRoundRobin(), 1, [5, 3, 2]).sequence(10).join(' ')).toBe(
    'b0 b0 b0 b1 b0 b1 b2 b0 b1 b2',
  );
});

test('weights with a common divisor go as if divided by it', () => {
  const picks = (weights: number[]) => new SmallPool(ipvsWeightedRoundRobin(), 1, weights).sequence(12);
  expect(picks([6, 4, 2])).toEqual(picks([3, 2, 1]));
});

/** What is picked with these requests in flight. */
function choice(scheduler: 'lc' | 'wlc' | 'sed', inFlight: readonly number[], weights: readonly number[]) {
  const rehearsal = Rehearsal.ofWeights(ipvsLeastConnections({ scheduler }), weights).tell();
  inFlight.forEach((count, slot) => {
    for (let request = 0; request < count; request += 1) rehearsal.start(slot);
  });
  return rehearsal.pick();
}

test('wlc divides by the weight and keeps the first of equals', () => {
  expect(choice('wlc', [20, 12, 10], [5, 3, 2])).toBe(0);
  expect(choice('wlc', [21, 12, 10], [5, 3, 2])).toBe(1);
});

test('sed counts the request that is about to come: an idle light backend does not beat a heavy one with little to do', () => {
  expect(choice('sed', [1, 0], [5, 1])).toBe(0);
  expect(choice('wlc', [1, 0], [5, 1])).toBe(1);
});

test('lc looks at no weights', () => {
  expect(choice('lc', [2, 1], [5, 1])).toBe(1);
});

test('with random ties both of two equals are picked', () => {
  const draws = [0, 1].map((draw) =>
    Rehearsal.ofWeights(ipvsLeastConnections({ scheduler: 'sed', ties: 'random' }), [1, 1], draw)
      .tell()
      .pick(),
  );
  expect(draws.sort()).toEqual([0, 1]);
});
