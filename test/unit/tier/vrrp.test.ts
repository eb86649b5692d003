import { describe, expect, test } from 'vitest';
import { intervalProblem, takeoverUs, vrrpElector, vrrpTimers } from '../../../engine/tier/vrrp.ts';

const SECOND = 1_000_000;
const at = (nowUs: number) => ({ nowUs, rng: { float: () => 0, int: () => 0 } });
const router = (priority: number, more: object = {}) =>
  vrrpElector({ priority, address: priority, intervalUs: SECOND, ...more });
const from = (priority: number, address = priority, intervalUs = SECOND) => ({ priority, address, intervalUs });

describe('how long a backup waits', () => {
  test('version 2 takes the skew from a second, version 3 from the interval', () => {
    expect(vrrpTimers('version 2', 128, 2 * SECOND)).toEqual({ skewUs: 500_000, downUs: 6_500_000 });
    expect(vrrpTimers('version 3', 128, 2 * SECOND)).toEqual({ skewUs: 1_000_000, downUs: 7_000_000 });
  });

  test('keepalived cuts fractions of a microsecond off', () => {
    expect(vrrpTimers('version 3', 1, SECOND).skewUs).toBe(996_093.75);
    expect(vrrpTimers('keepalived', 1, SECOND).skewUs).toBe(996_093);
  });

  test('a crash is noticed sooner the older the last advertisement was, a resignation after the skew', () => {
    const waits = vrrpTimers('version 3', 128, SECOND);
    expect([0, SECOND].map((age) => takeoverUs(waits, 'crashed', age))).toEqual([3_500_000, 2_500_000]);
    expect(takeoverUs(waits, 'resigned', SECOND)).toBe(500_000);
  });

  test('an interval of 0 is refused, and says what to write', () => {
    expect(intervalProblem('version 3', 0)).toMatch(/0 us; write one from 10000 to 40950000 us/);
    expect(() => vrrpTimers('version 3', 100, 0)).toThrow(/write one from/);
  });
});

describe('a router of a group', () => {
  test('begins as backup and takes over when it hears nobody', () => {
    const backup = router(128);
    expect(backup.next(undefined, at(0))).toEqual({ role: 'backup', timerUs: 3_500_000 });
    expect(backup.next(undefined, at(3_500_000))).toEqual({ role: 'master', advertise: 128, timerUs: SECOND });
  });

  test('the owner of the address rules at once', () => {
    expect(router(255).next(undefined, at(0))).toEqual({ role: 'master', advertise: 255, timerUs: SECOND });
  });

  test('stays backup while it hears a better one, and waits by the interval that one tells', () => {
    const backup = router(128);
    backup.next(undefined, at(0));
    expect(backup.next(from(200, 200, 2 * SECOND), at(SECOND))).toEqual({ role: 'backup', timerUs: 7_000_000 });
  });

  test('lets its timer run beside a lesser master, unless it may not preempt', () => {
    const [bold, meek] = [router(128), router(128, { preempt: false })];
    for (const backup of [bold, meek]) backup.next(undefined, at(0));
    expect(bold.next(from(100), at(SECOND)).timerUs).toBe(2_500_000);
    expect(meek.next(from(100), at(SECOND)).timerUs).toBe(3_500_000);
  });

  test('waits only the skew after a resignation', () => {
    const backup = router(128);
    backup.next(undefined, at(0));
    expect(backup.next(from(0, 9), at(SECOND)).timerUs).toBe(500_000);
  });

  test('as master it yields to a higher priority, or to a higher address of its own, and answers a lesser one', () => {
    const master = () => {
      const elector = router(128);
      elector.next(undefined, at(0));
      elector.next(undefined, at(3_500_000));
      return elector;
    };
    const now = at(4_000_000);
    expect(master().next(from(129), now).role).toBe('backup');
    expect(master().next(from(128, 129), now).role).toBe('backup');
    expect(master().next(from(128, 127), now)).toEqual({ role: 'master', advertise: 128, timerUs: SECOND });
  });
});
