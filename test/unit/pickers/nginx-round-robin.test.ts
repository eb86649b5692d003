import { expect, test } from 'vitest';
import { Rehearsal } from '../../../engine/cli/conform/rehearsal.ts';
import { nginxRoundRobin } from '../../../engine/pickers/nginx-round-robin.ts';

const S = 1_000_000;

/** Two backends; the first, of weight 4, fails once at 100 s. */
function afterAFailure() {
  const picker = nginxRoundRobin({ maxFails: 1, failTimeoutUs: 10 * S });
  const pool = Rehearsal.ofWeights(picker, [4, 1])
    .tell()
    .at(100 * S);
  expect(pool.pick()).toBe(0);
  pool.start(0);
  pool.end(0, false);
  return pool;
}

test('a backend that failed is out for more than fail_timeout whole seconds', () => {
  const pool = afterAFailure();
  expect(pool.at(110.9 * S).picks(3)).toEqual([1, 1, 1]);
  expect(pool.at(111 * S).picks(8)).toContain(0);
});

test('it returns with an effective weight of 0 that regains 1 a pick', () => {
  const pool = afterAFailure().at(111 * S);
  // Effective weights 0, 1, 2, 3, 4 beside 1: its share grows instead of being 4 in 5 at once.
  const picks = pool.picks(10);
  expect(picks.slice(0, 2)).toEqual([1, 1]);
  expect(pool.picks(50).filter((pick) => pick === 0)).toHaveLength(40);
});

test('one request goes to no backend twice, and declines when it has tried all', () => {
  const pool = Rehearsal.ofWeights(nginxRoundRobin(), [1, 1]).tell();
  expect([pool.pick(), pool.pick([0]), pool.pick([0, 1])]).toEqual([0, 1, null]);
});

test('a pool of one is never judged', () => {
  const pool = Rehearsal.ofWeights(nginxRoundRobin(), [1])
    .tell()
    .at(100 * S);
  pool.start(0);
  pool.end(0, false);
  expect(pool.pick()).toBe(0);
});
