import { describe, expect, test } from 'vitest';
import { JudgedPool } from '../../../engine/cli/conform/judged-pool.ts';
import { consecutiveFailures } from '../../../engine/health/consecutive-failures.ts';
import { failureAccrual } from '../../../engine/health/failure-accrual.ts';

const SECOND_US = 1_000_000;
const SWEEP_US = 100_000;

function failTimes(pool: JudgedPool, count: number) {
  return Array.from({ length: count }, () => pool.answer(0, 500));
}

describe("Linkerd's breaker", () => {
  test('opens at the seventh failure in a row and not before', () => {
    const pool = new JudgedPool(consecutiveFailures(), 1);
    failTimes(pool, 6);
    pool.answer(0, 200);
    expect(failTimes(pool, 7)).toEqual([...Array<undefined>(6).fill(undefined), 'unhealthy']);
  });

  test('waits twice as long after each probe that fails, and starts anew after one that succeeds', () => {
    const pool = new JudgedPool(consecutiveFailures(), 1);
    failTimes(pool, 7);
    expect(pool.backAfterUs(0, SWEEP_US)).toBe(SECOND_US);
    pool.answer(0, 500);
    expect(pool.backAfterUs(0, SWEEP_US)).toBe(2 * SECOND_US);
    expect(pool.answer(0, 200)).toBe('healthy');
    failTimes(pool, 7);
    expect(pool.backAfterUs(0, SWEEP_US)).toBe(SECOND_US);
  });
});

describe("Finagle's accrual", () => {
  test('five in a row, for half of five seconds and up to half more', () => {
    const shortest = new JudgedPool(failureAccrual(), 1, 0);
    expect(failTimes(shortest, 5).at(-1)).toBe('unhealthy');
    expect(shortest.backAfterUs(0, SWEEP_US)).toBe(2.5 * SECOND_US);
    const longest = new JudgedPool(failureAccrual(), 1, 1 - 2 ** -53);
    failTimes(longest, 5);
    expect(longest.backAfterUs(0, SWEEP_US)).toBe(5 * SECOND_US);
  });

  test('every other request failing takes it out as well, though never two in a row', () => {
    const pool = new JudgedPool(failureAccrual(), 1);
    const verdicts = Array.from({ length: 60 }, (_, second) =>
      pool.at(second * SECOND_US).answer(0, second % 2 ? 500 : 200),
    );
    expect(verdicts).toContain('unhealthy');
  });
});

test.each([{ maxFailures: 0 }, { minPenaltyUs: 2, maxPenaltyUs: 1 }])('%j is refused', (options) => {
  expect(() => consecutiveFailures(options)).toThrow('consecutive-failures:');
});
