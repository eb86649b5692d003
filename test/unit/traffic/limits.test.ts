import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adaptiveThrottling, rejectProbability } from '../../../engine/traffic/adaptive-throttling.ts';
import { allLimits } from '../../../engine/traffic/all-limits.ts';
import { concurrencyLimit } from '../../../engine/traffic/concurrency-limit.ts';
import { fixedWindow } from '../../../engine/traffic/fixed-window.ts';
import { intervalTokenBucket } from '../../../engine/traffic/interval-token-bucket.ts';
import { leakyBucket } from '../../../engine/traffic/leaky-bucket.ts';
import { slidingWindowCounter } from '../../../engine/traffic/sliding-window-counter.ts';
import { slidingWindowLog } from '../../../engine/traffic/sliding-window-log.ts';
import { tokenBucket } from '../../../engine/traffic/token-bucket.ts';
import { answers, contextAt, request, shareLetIn, steady } from './asked.ts';

const SECOND = 1_000_000;

describe('leaky bucket', () => {
  test('loses every other request at 12 a second against 10 without a burst, and none at 9', () => {
    expect(shareLetIn(leakyBucket({ rateRps: 10 }), steady(12, 48))).toBe(0.5);
    expect(shareLetIn(leakyBucket({ rateRps: 10 }), steady(9, 48))).toBe(1);
  });

  test('with a burst of one, loses a sixth at 12 a second against 10 in the long run', () => {
    // 10 of 12 leak away: 5/6 of 1200, and the burst, by at most one more.
    expect(shareLetIn(leakyBucket({ rateRps: 10, burst: 1, noDelay: true }), steady(12, 1_200))).toBeCloseTo(5 / 6, 2);
  });

  test('lets a burst wait until it has leaked, and says to who is refused when to come again', () => {
    expect(answers(leakyBucket({ rateRps: 10, burst: 2 }), [0, 0, 0, 0])).toEqual(['ok', '+100', '+200', '!100']);
  });

  test('lets the first part of a burst pass at once where a delay is given, or all of it with noDelay', () => {
    expect(answers(leakyBucket({ rateRps: 10, burst: 2, delay: 1 }), [0, 0, 0])).toEqual(['ok', 'ok', '+100']);
    expect(answers(leakyBucket({ rateRps: 10, burst: 2, noDelay: true }), [0, 0, 0, 0])).toEqual([
      'ok',
      'ok',
      'ok',
      '!100',
    ]);
  });
});

describe('token bucket', () => {
  test('admits its burst at once and then its rate, and says when the next token is there', () => {
    expect(answers(tokenBucket({ rateRps: 10, burst: 2 }), [0, 0, 0, 50, 100, 100])).toEqual([
      'ok',
      'ok',
      '!100',
      '!50',
      'ok',
      '!100',
    ]);
  });

  test('in steps, fills at whole intervals only', () => {
    const limit = intervalTokenBucket({ maxTokens: 2, tokensPerFill: 2, fillIntervalUs: SECOND });
    expect(answers(limit, [0, 0, 0, 999, 1_000, 1_000, 1_000])).toEqual([
      'ok',
      'ok',
      '!1000',
      '!1',
      'ok',
      'ok',
      '!1000',
    ]);
  });
});

describe('windows', () => {
  const atTheBorder = [900, 900, 900, 1_000, 1_000, 1_000];

  test('a fixed one lets twice its limit pass at a border', () => {
    expect(answers(fixedWindow({ limit: 3 }), [...atTheBorder, 1_999])).toEqual([
      'ok',
      'ok',
      'ok',
      'ok',
      'ok',
      'ok',
      '!1',
    ]);
  });

  test('a sliding log does not', () => {
    expect(answers(slidingWindowLog({ limit: 3 }), [...atTheBorder, 1_900])).toEqual([
      'ok',
      'ok',
      'ok',
      '!900',
      '!900',
      '!900',
      'ok',
    ]);
  });

  test('a sliding counter counts refused requests, so steady 8 a second against 10 in 2 seconds ends at 10', () => {
    const got = answers(slidingWindowCounter({ limit: 10, windowUs: 2 * SECOND, by: 'address' }), steady(8, 80));
    expect(got.filter((answer) => answer === 'ok')).toHaveLength(10);
    expect(got.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'ok'));
  });

  test('a sliding counter that forgets refused ones lets its rate pass in the long run', () => {
    const limit = slidingWindowCounter({ limit: 10, windowUs: 2 * SECOND, countRefused: false });
    // 5 a second are allowed of 8; the two counters may be off by one request a period.
    expect(Math.abs(shareLetIn(limit, steady(8, 800)) - 5 / 8)).toBeLessThan(1 / 16);
  });
});

describe('every limit on a rate', () => {
  const limits = {
    'token bucket': () => tokenBucket({ rateRps: 10, burst: 5 }),
    'token bucket in steps': () => intervalTokenBucket({ maxTokens: 5, tokensPerFill: 1, fillIntervalUs: 100_000 }),
    'leaky bucket': () => leakyBucket({ rateRps: 10, burst: 4, noDelay: true }),
    'sliding window log': () => slidingWindowLog({ limit: 10 }),
    'fixed window': () => fixedWindow({ limit: 10 }),
    'sliding window counter': () => slidingWindowCounter({ limit: 10 }),
    'sliding window counter of those let in': () => slidingWindowCounter({ limit: 10, countRefused: false }),
  };

  test.each(Object.entries(limits))(
    '%s lets no more pass in any time than its rate, and its allowance once or twice',
    (_, make) => {
      fc.assert(
        fc.property(fc.array(fc.nat(300), { minLength: 1, maxLength: 200 }), (gapsMs) => {
          let atMs = 0;
          const timesMs = gapsMs.map((gap) => (atMs += gap));
          const passed = answers(make(), timesMs).filter((answer) => answer === 'ok').length;
          // 10 a second; the allowance is 5 or, of windows, 10 at either end.
          expect(passed).toBeLessThanOrEqual((10 * (atMs - timesMs[0]!)) / 1_000 + 20);
        }),
      );
    },
  );

  test.each(Object.entries(limits))('%s lets in who comes again after the Retry-After it told', (_, make) => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { minLength: 1, maxLength: 60 }), (gapsMs) => {
        const limit = make();
        const { clock, ctx } = contextAt();
        for (const gap of gapsMs) {
          clock.nowUs += gap * 1_000;
          const answer = limit.admit(request(), ctx);
          if (typeof answer !== 'number') continue;
          expect(answer).toBeGreaterThan(0);
          // The clock of the leaky bucket has whole milliseconds.
          clock.nowUs += Math.ceil(answer / 1_000) * 1_000;
          expect(limit.admit(request(), ctx)).toBeUndefined();
        }
      }),
    );
  });
});

test('keys are limited apart, and a request without the key is not', () => {
  const limit = tokenBucket({ by: 'header', name: 'X-Api-Key' });
  const keys = ['a', 'b', 'a', undefined, undefined];
  const got = answers(limit, [0, 0, 0, 0, 0], (index) => {
    const key = keys[index];
    return request({ headers: key === undefined ? {} : { 'x-api-key': key } });
  });
  expect(got).toEqual(['ok', 'ok', '!100', 'ok', 'ok']);
});

test('a full table forgets who was longest away', () => {
  const limit = tokenBucket({ by: 'address', keys: 2 });
  const users = [0, 1, 0, 2, 0, 1];
  // User 1 was away longest when user 2 came; user 0 is still known, refused attempts keep it so.
  expect(answers(limit, [0, 0, 0, 0, 0, 0], (index) => request({}, users[index]))).toEqual([
    'ok',
    'ok',
    '!100',
    'ok',
    '!100',
    'ok',
  ]);
});

describe('concurrency limit', () => {
  test('has room again when a request is answered', () => {
    const limit = concurrencyLimit({ limit: 2 });
    const { ctx } = contextAt();
    const [first, second, third] = [request(), request(), request()];
    expect([first, second, third].map((one) => limit.admit(one, ctx))).toEqual([undefined, undefined, SECOND]);
    limit.onAnswer!(first, 200, 10, ctx);
    expect(limit.admit(third, ctx)).toBeUndefined();
  });

  test('behind another limit that refuses, no place stays taken', () => {
    const limit = allLimits([concurrencyLimit({ limit: 1 }), tokenBucket({ rateRps: 1, burst: 1 })]);
    const { clock, ctx } = contextAt();
    const first = request();
    expect(limit.admit(first, ctx)).toBeUndefined();
    limit.onAnswer!(first, 200, 10, ctx);
    expect(limit.admit(request(), ctx)).toBe(SECOND);
    clock.nowUs = SECOND;
    expect(limit.admit(request(), ctx)).toBeUndefined();
  });
});

describe('adaptive throttling', () => {
  test('refuses nothing while half of the requests are accepted', () => {
    expect(rejectProbability(100, 50, 2)).toBe(0);
  });

  test('under a full outage lets about 1 request in requests + 1 through, and recovers when the window has passed', () => {
    const limit = adaptiveThrottling({ k: 2, windowUs: 12 * SECOND });
    const { clock, ctx } = contextAt(7);
    let sent = 0;
    for (let index = 0; index < 1_000; index++) {
      clock.nowUs = index * 10_000;
      const one = request();
      if (limit.admit(one, ctx) !== undefined) continue;
      sent++;
      limit.onAnswer!(one, 503, 10, ctx);
    }
    // Expected: the harmonic number of 1000, 7.5, with a variance below it: 5 standard deviations are 14.
    expect(sent).toBeLessThan(22);
    clock.nowUs += 13 * SECOND;
    expect(limit.admit(request(), ctx)).toBeUndefined();
  });
});
