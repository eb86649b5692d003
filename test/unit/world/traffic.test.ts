import { describe, expect, test } from 'vitest';
import { policiesFor } from '../../../engine/index.ts';
import type { ScenarioInput } from '../../../engine/index.ts';
import { constant, ms, s, simulate, world } from './build.ts';

const pools: ScenarioInput['pools'] = ['old', 'new'].map((id) => ({
  id,
  picker: { name: 'round-robin' },
  backends: [{ id: `${id}-1`, workers: 4, service: { default: constant(ms(10)) } }],
}));

/** What a client of so many requests a second gets in ten seconds. */
function run(balancer: ScenarioInput['balancer'], rateRps: number, port?: number) {
  const clients: ScenarioInput['clients'] = [
    { id: 'c1', arrivals: { kind: 'constant', rateRps }, ...(port && { port }) },
  ];
  const simulation = simulate(world({ clients, balancer, pools }));
  simulation.runToEnd();
  return simulation;
}

test('12 requests a second against a leaky bucket of 10 without burst lose every other one, 9 lose none', () => {
  const leaky = { rateLimits: [{ name: 'leaky-bucket', options: { rateRps: 10 } }] };
  const { arrived, failed } = run(leaky, 12).counts;
  expect(Math.abs(failed / arrived - 0.5)).toBeLessThan(0.01);
  expect(run(leaky, 9).counts.failed).toBe(0);
});

test('a bucket with a burst lets requests wait, and spaces them by its rate', () => {
  const { counts, latencies } = run(
    { rateLimits: [{ name: 'leaky-bucket', options: { rateRps: 10, burst: 100 } }] },
    12,
  );
  expect(counts.failed).toBe(0);
  // After ten seconds the last of 120 has waited for what 20 too many leave behind.
  expect(latencies.quantile(100)).toBeGreaterThan(s(1.3));
});

test('the pool of the listener takes what no route sends elsewhere', () => {
  const listeners = [
    { id: 'plain', protocol: 'http', port: 80 },
    { id: 'secure', protocol: 'https', port: 443, pool: 'new' },
  ] as const;
  expect(
    run({ listeners: [...listeners] }, 10)
      .backends()
      .map(({ served }) => served > 0),
  ).toEqual([true, false]);
  expect(
    run({ listeners: [...listeners] }, 10, 443)
      .backends()
      .map(({ served }) => served > 0),
  ).toEqual([false, true]);
});

describe('refused, with field and remedy', () => {
  test.each<[string, ScenarioInput['balancer'], RegExp]>([
    [
      'a split to a pool that is not there',
      { routes: [{ split: [{ pool: 'odl', weight: 1 }] }] },
      /routes\[0\]\.split\[0\]\.pool.*Did you mean "old"/,
    ],
    ['a route that leads nowhere', { routes: [{ pathPrefix: '/' }] }, /leads nowhere/],
    [
      'a route that nothing reaches',
      {
        routes: [
          { host: 'a', pool: 'old' },
          { host: 'a', pool: 'new' },
        ],
      },
      /routes\[1\].*Remove one/,
    ],
    [
      'two routes of one id',
      {
        routes: [
          { id: 'r', host: 'a', pool: 'old' },
          { id: 'r', pool: 'new' },
        ],
      },
      /routes\[1\]\.id.*second time/,
    ],
    ['a malformed pattern', { routes: [{ pathPattern: '(a', pool: 'old' }] }, /pathPattern.*not closed/],
    [
      'a port without a listener',
      { listeners: [{ id: 'l', protocol: 'http', port: 8080 }] },
      /clients\[0\]\.port.*8080/,
    ],
    ['an unknown limit', { rateLimits: [{ name: 'token-buckett' }] }, /Did you mean "token-bucket"/],
    [
      'a limit by backend before the pick',
      { rateLimits: [{ name: 'token-bucket', options: { by: 'backend' } }] },
      /Move the limit to the pool/,
    ],
  ])('%s', (_, balancer, message) => {
    expect(() => policiesFor(world({ balancer, pools }))).toThrow(message);
  });
});
