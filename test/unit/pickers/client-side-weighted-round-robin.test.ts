import { expect, test } from 'vitest';
import { Rehearsal } from '../../../engine/cli/conform/rehearsal.ts';
import { clientSideWeightedRoundRobin } from '../../../engine/pickers/client-side-weighted-round-robin.ts';

const S = 1_000_000;

/** Both report the same rate; the first is busy twice as much. So it gets half as much. */
function report(pool: Rehearsal): void {
  [0.8, 0.4].forEach((utilisation, slot) => {
    pool.start(slot);
    const load = { inFlight: 1, latencyUs: 1000, utilisation, rateRps: 100, errorsRps: 0 };
    pool.end(slot, true, { kind: 'served', status: 200, latencyUs: 1000, bytes: 0, load });
  });
}

const shareOfFirst = (pool: Rehearsal) => pool.picks(300).filter((slot) => slot === 0).length;

test('reports count after the blackout, until they expire; before and after it is plain round robin', () => {
  const pool = Rehearsal.ofWeights(clientSideWeightedRoundRobin(), [1, 1]).tell();
  report(pool.at(1 * S));
  expect(shareOfFirst(pool.at(10 * S))).toBe(150);
  // A third, off by the two picks at which the strides may stand.
  expect(Math.abs(shareOfFirst(pool.at(12 * S)) - 100)).toBeLessThanOrEqual(2);
  expect(shareOfFirst(pool.at(182 * S))).toBe(150);
});

test('weights are taken up once an update period', () => {
  const pool = Rehearsal.ofWeights(clientSideWeightedRoundRobin({ blackoutUs: 1, updateUs: 5 * S }), [1, 1]).tell();
  report(pool.at(1 * S));
  expect(shareOfFirst(pool.at(4.9 * S))).toBe(150);
  expect(shareOfFirst(pool.at(5 * S))).toBeLessThan(105);
});
