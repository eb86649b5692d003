import { describe, expect, test } from 'vitest';
import { JudgedPool } from '../../../engine/cli/conform/judged-pool.ts';
import { outlierDetection } from '../../../engine/health/outlier-detection.ts';
import type { OutlierDetectionOptions } from '../../../engine/health/outlier-detection.ts';

const SECOND_US = 1_000_000;
const pooled = (size: number, options: OutlierDetectionOptions = {}, draw = 0) =>
  new JudgedPool(outlierDetection({ maxEjectionPercent: 100, ...options }), size, draw);

function answers(pool: JudgedPool, slot: number, statuses: readonly number[]) {
  return statuses.map((status) => pool.answer(slot, status));
}

describe('runs', () => {
  test('five statuses of 500 and above eject, a good one in between starts again', () => {
    const pool = pooled(2);
    answers(pool, 0, [500, 500, 500, 500, 200, 500, 500, 500, 500]);
    expect(pool.answer(0, 503)).toBe('unhealthy');
  });

  test('gateway errors are 502 to 504 and are not enforced unless that is asked', () => {
    const four = [502, 503, 504, 502];
    expect(answers(pooled(2, { consecutiveGateway: 4 }), 0, four)).not.toContain('unhealthy');
    const enforced = { consecutiveGateway: 4, enforcingGateway: 100 };
    expect(answers(pooled(2, enforced), 0, four).at(-1)).toBe('unhealthy');
    expect(answers(pooled(2, { ...enforced, enforcing5xx: 0 }), 0, [502, 503, 500, 504, 502])).not.toContain(
      'unhealthy',
    );
  });

  test('errors of the connection count as 503, or apart where they are split', () => {
    expect(answers(pooled(2), 0, [0, 500, 0, 500, 0]).at(-1)).toBe('unhealthy');
    expect(answers(pooled(2, { splitLocalOrigin: true }), 0, [0, 500, 0, 500, 0])).not.toContain('unhealthy');
    expect(answers(pooled(2, { splitLocalOrigin: true }), 0, [0, 0, 0, 0, 0]).at(-1)).toBe('unhealthy');
  });

  test('gRPC has none', () => {
    expect(answers(pooled(2, { form: 'grpc' }), 0, Array<number>(20).fill(500))).not.toContain('unhealthy');
  });
});

test('pools of less than ten never eject at 10 percent, unless one always may', () => {
  const run = Array<number>(5).fill(500);
  expect(answers(pooled(9, { maxEjectionPercent: 10 }), 0, run)).not.toContain('unhealthy');
  expect(answers(pooled(10, { maxEjectionPercent: 10 }), 0, run).at(-1)).toBe('unhealthy');
  expect(answers(pooled(9, { maxEjectionPercent: 10, alwaysEjectOne: true }), 0, run).at(-1)).toBe('unhealthy');
});

test('a success rate is judged only of enough backends with enough requests', () => {
  const judge = (hosts: number, requests: number) => {
    const pool = pooled(hosts, { enforcing5xx: 0 });
    for (let host = 0; host < hosts; host++) answers(pool, host, Array<number>(requests).fill(host === 0 ? 500 : 200));
    return pool.at(10 * SECOND_US).sweep('unhealthy');
  };
  expect(judge(5, 100)).toEqual([0]);
  expect(judge(4, 100)).toEqual([]);
  expect(judge(5, 99)).toEqual([]);
});

test('what is detected is enforced with its probability', () => {
  const run = Array<number>(5).fill(500);
  expect(answers(pooled(2, { enforcing5xx: 30 }, 0.29), 0, run).at(-1)).toBe('unhealthy');
  expect(answers(pooled(2, { enforcing5xx: 30 }, 0.3), 0, run).at(-1)).toBeUndefined();
});

test('an ejection grows with each and shrinks with each clean interval; a refused one does not count', () => {
  const pool = pooled(1, { consecutive5xx: 1 });
  const lasts = () => {
    pool.answer(0, 500);
    return pool.backAfterUs(0, 10 * SECOND_US) / SECOND_US;
  };
  expect([lasts(), lasts()]).toEqual([30, 60]);
  for (let interval = 0; interval < 2; interval++) pool.at(pool.nowUs + 10 * SECOND_US).sweep('healthy');
  expect(lasts()).toBe(30);
});

test('jitter makes an ejection longer, by no more than the most', () => {
  const pool = pooled(1, { consecutive5xx: 1, maxJitterUs: 5 * SECOND_US }, 1 - 2 ** -53);
  pool.answer(0, 500);
  expect(pool.backAfterUs(0, SECOND_US)).toBe(35 * SECOND_US);
});

test.each([{ maxEjectionPercent: 101 }, { intervalUs: 0 }, { baseEjectionUs: 0 }])('%j is refused', (options) => {
  expect(() => outlierDetection(options)).toThrow('outlier-detection:');
});

test('with a margin the worst goes where the cap leaves room for one', () => {
  const margin = { failurePercentage: 50, failureMargin: 30, failureVolume: 10, failureMinimumHosts: 1 };
  const pool = pooled(5, { form: 'grpc', maxEjectionPercent: 20, enforcingFailurePercentage: 100, ...margin });
  const [bad, worse, good] = [Array<number>(8).fill(500), Array<number>(10).fill(500), Array<number>(10).fill(200)];
  answers(pool, 0, [...bad, 200, 200]);
  answers(pool, 1, worse);
  for (const slot of [2, 3, 4]) answers(pool, slot, good);
  expect(pool.at(SECOND_US).sweep('unhealthy')).toEqual([1]);
});
