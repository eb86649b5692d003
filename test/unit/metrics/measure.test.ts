import { describe, expect, test } from 'vitest';
import { FAILURE } from '../../../engine/metrics/event-kind.ts';
import { measure } from '../../../engine/metrics/measure.ts';
import type { Query } from '../../../engine/metrics/measure.ts';
import { RequestLog, SERVED } from '../../../engine/metrics/request-log.ts';

/** Two clients, two classes, two backends; request k of 100 is sent at k ms and takes k ms, every tenth fails. */
function hundred(): RequestLog {
  const log = new RequestLog({ clients: ['c1', 'c2'], classes: ['default', 'video'], backends: ['s1', 's2'] });
  for (let k = 1; k <= 100; k += 1) {
    const id = log.arrive(k % 2, k > 50 ? 1 : 0, k * 1000, k * 1000 + 100);
    if (k === 20) {
      log.end(id, 2 * k * 1000, FAILURE.noBackend);
      continue;
    }
    log.pick(id, k <= 80 ? 0 : 1, k % 7);
    if (k > 90) log.queue(id, k * 1000 + 150);
    log.start(id, k * 1000 + 200);
    log.end(id, 2 * k * 1000, k % 10 === 0 ? FAILURE.timeout : SERVED);
  }
  return log;
}

const ask = (query: Query) => measure(hundred(), query);

describe('of a whole run', () => {
  test('latencies are those of served requests, as the client saw them', () => {
    // Served: 1 … 99 ms without the tens, 90 of them. Nearest rank: 45th is 49, ceil(85.5) = 86th is 95, ceil(89.1) = 90th is 99.
    expect([ask({ metric: 'p50' }), ask({ metric: 'p95' }), ask({ metric: 'p99' })]).toEqual([49_000, 95_000, 99_000]);
    expect(ask({ metric: 'max' })).toBe(99_000);
    // (1 + … + 100 - (10 + … + 100)) / 90 = (5050 - 550) / 90.
    expect(ask({ metric: 'mean' })).toBe(50_000);
  });

  test('requests are counted by how they ended', () => {
    expect([ask({ metric: 'count' }), ask({ metric: 'served' }), ask({ metric: 'failed' })]).toEqual([100, 90, 10]);
    expect(ask({ metric: 'failed', failure: 'timeout' })).toBe(9);
    expect(ask({ metric: 'failed', failure: 'noBackend' })).toBe(1);
    expect(ask({ metric: 'failed', failure: 'refused' })).toBe(0);
  });

  test('the rate is served requests per second', () => {
    expect(ask({ metric: 'rate' })).toBe(90 / 0.2);
    expect(ask({ metric: 'rate', toUs: 400_000 })).toBe(90 / 0.4);
    expect(ask({ metric: 'rate', fromUs: 5, toUs: 5 })).toBeNaN();
  });

  test('the share is a part of what was sent to any backend', () => {
    expect(ask({ metric: 'share', backends: ['s2'] })).toBe(20 / 99);
    expect(ask({ metric: 'share', backends: ['s1', 's2'] })).toBe(1);
  });
});

describe('of an instant', () => {
  test('those are waiting that stand in a queue', () => {
    // Request k > 90 stands in the queue of s2 from k ms + 150 us to k ms + 200 us.
    expect(ask({ metric: 'waiting', toUs: 95_150 })).toBe(1);
    expect(ask({ metric: 'waiting', toUs: 95_150, backends: ['s1'] })).toBe(0);
    expect(ask({ metric: 'waiting', toUs: 95_200 })).toBe(0);
    expect(ask({ metric: 'waiting', toUs: 90_150 })).toBe(0);
  });

  test('the peak is the most that was in flight at one backend', () => {
    expect(ask({ metric: 'peak-in-flight' })).toBe(6);
    // Arrivals at 14.1, 15.1 and 16.1 ms: 0, 1 and 2 in flight.
    expect(ask({ metric: 'peak-in-flight', fromUs: 14_000, toUs: 17_000 })).toBe(2);
    expect(ask({ metric: 'peak-in-flight', fromUs: 1, toUs: 2 })).toBe(0);
  });
});

describe('filters', () => {
  test('keep the named backends, clients and classes', () => {
    expect(ask({ metric: 'count', backends: ['s2'] })).toBe(20);
    expect(ask({ metric: 'count', clients: ['c2'] })).toBe(50);
    expect(ask({ metric: 'count', classes: ['video'] })).toBe(50);
    expect(ask({ metric: 'count', clients: ['c2'], classes: ['video'], backends: ['s1', 's2'] })).toBe(25);
  });

  test('times bound the end of a request: from the first moment, up to but without the last', () => {
    expect(ask({ metric: 'count', fromUs: 4_000, toUs: 8_000 })).toBe(2);
    expect(ask({ metric: 'p50', fromUs: 4_000, toUs: 4_001 })).toBe(2_000);
    expect(ask({ metric: 'p50', fromUs: 1e9 })).toBeNaN();
  });

  test('an unknown name is refused with the known ones', () => {
    expect(() => ask({ metric: 'count', backends: ['s9'] })).toThrow(
      'measure: there is no backend "s9" in this run; it knows s1, s2',
    );
    expect(() => ask({ metric: 'count', clients: ['x'] })).toThrow('no client "x"');
    expect(() => ask({ metric: 'count', classes: ['x'] })).toThrow('no request class "x"');
  });
});

test('a request under way counts for the share of its backend and for nothing else', () => {
  const log = hundred();
  log.pick(log.arrive(0, 0, 1e6, 1e6), 1, 1);
  expect(measure(log, { metric: 'share', backends: ['s2'] })).toBe(21 / 100);
  expect(measure(log, { metric: 'count' })).toBe(100);
  expect(measure(log, { metric: 'share', backends: ['s2'], fromUs: 900_000 })).toBe(1);
});

test('the log keeps every row while it grows', () => {
  const log = new RequestLog({ clients: ['c1'], classes: ['default'], backends: ['s1'] });
  for (let k = 0; k < 3000; k += 1) expect(log.arrive(0, 0, k, k)).toBe(k + 1);
  expect([log.length, log.sentUs[2999], log.outcome[2999], log.endedUs[2999], log.backend[2999]]).toEqual([
    3000,
    2999,
    0,
    NaN,
    -1,
  ]);
});
