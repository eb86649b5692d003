import { describe, expect, it } from 'vitest';
import {
  accessLogOf,
  alertsOf,
  beliefsAt,
  beliefsOf,
  EVENT_KIND,
  jainIndex,
  measure,
  peakToMean,
  readingsOf,
  searchOf,
} from '../../../engine/index.ts';
import type { ScenarioInput, Simulation } from '../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from './build.ts';
import { fromLibrary } from './library.ts';

function ran(input: Partial<ScenarioInput>): Simulation {
  const simulation = simulate(world(input));
  simulation.runToEnd();
  return simulation;
}

const two = (backend = {}): ScenarioInput['pools'] => [
  { picker: { name: 'round-robin' }, backends: alike(2, { service: { default: constant(ms(10)) }, ...backend }) },
];

describe('readings over a window', () => {
  it('are exact and agree with the queries, of each backend and of all', () => {
    const run = simulate(fromLibrary('one-slows-down'));
    run.runToEnd();
    const [fromUs, toUs] = [s(5), s(15)];
    const { overall, backends } = readingsOf(run, fromUs, toUs);
    const of = (metric: 'p50' | 'p99' | 'served' | 'failed', ids?: string[]) =>
      measure(run.log, { metric, fromUs, toUs, backends: ids });
    expect([overall.p50Us, overall.p99Us, overall.served, overall.failed]).toEqual([
      of('p50'),
      of('p99'),
      of('served'),
      of('failed'),
    ]);
    expect(backends[3]!.p99Us).toBe(of('p99', ['s4']));
    expect(backends.reduce((sum, { served }) => sum + served, 0)).toBe(overall.served);
    // The 99th of all is not a mean of the backends' 99th.
    expect(overall.p99Us).not.toBeCloseTo(backends.reduce((sum, { p99Us }) => sum + p99Us, 0) / 5, -3);
  });

  it('count what is in flight and queued at the end as the engine does, bytes, and the use of connections', () => {
    const requests = [{ requestBytes: 100, responseBytes: 900 }];
    const clients = [{ id: 'c1', arrivals: { kind: 'constant' as const, rateRps: 300 }, requests }];
    const run = ran({ clients, durationUs: ms(100) + 1, pools: two({ maxConnections: 20 }) });
    const { overall, backends } = readingsOf(run, 0, run.nowUs + 1);
    const states = run.backends();
    expect(backends.map(({ inFlight, queued }) => [inFlight, queued])).toEqual(
      states.map(({ inFlight, queued }) => [inFlight, queued]),
    );
    expect([overall.bytesIn, overall.bytesOut]).toEqual([run.counts.arrived * 100, run.counts.served * 900]);
    expect(backends[0]!.poolUse).toBe(backends[0]!.peakInFlight / 20);
  });
});

it('fairness and imbalance are those of the formulas', () => {
  expect([jainIndex([5, 5, 5, 5]), jainIndex([1, 0, 0, 0]), jainIndex([3, 3, 0, 0])]).toEqual([1, 0.25, 0.5]);
  expect([peakToMean([5, 5]), peakToMean([9, 0, 0]), peakToMean([6, 2, 1])]).toEqual([1, 3, 2]);
});

it('the access log is HAProxy’s: a line for each request that ended, in that order', () => {
  const backends = alike(2, { service: { default: constant(ms(10)) } });
  const run = ran({
    durationUs: ms(350),
    clients: [
      {
        id: 'c1',
        arrivals: { kind: 'constant', rateRps: 10 },
        requests: [{ method: 'POST', path: '/cart', responseBytes: 42 }],
      },
    ],
    pools: [{ id: 'shop', picker: { name: 'round-robin' }, backends, retry: {} }],
    timeline: [
      { do: 'crash', atUs: 0, backend: 's1' },
      { do: 'crash', atUs: ms(250), backend: 's2' },
    ],
  });
  expect(accessLogOf(run)).toEqual([
    'c1 [01/Jan/1970:00:00:00.100] front shop/s2 0/0/0/10/10 200 42 - - ---- 1/1/1/1/+1 0/0 "POST /cart HTTP/1.1"',
    'c1 [01/Jan/1970:00:00:00.200] front shop/s2 0/0/0/10/10 200 42 - - ---- 1/1/1/1/+1 0/0 "POST /cart HTTP/1.1"',
    'c1 [01/Jan/1970:00:00:00.300] front shop/s2 0/0/0/-1/0 502 0 - - SC-- 1/1/1/1/+1 0/0 "POST /cart HTTP/1.1"',
  ]);
});

describe('alerts', () => {
  const health = {
    intervalUs: ms(100),
    timeoutUs: ms(50),
    policy: { name: 'thresholds', options: { fall: 1, rise: 1 } },
  };
  const crash: ScenarioInput['timeline'] = [
    { do: 'crash', atUs: s(2), backend: 's1' },
    { do: 'recover', atUs: s(6), backend: 's1' },
  ];
  const watch = (rules: NonNullable<ScenarioInput['alerts']>['rules']) => ({ everyUs: s(1), windowUs: s(1), rules });
  const pools = two().map((pool) => ({ ...pool, health }));

  it('fire once the condition has held as long as they say, and are resolved at the first look at which it does not', () => {
    const run = ran({ pools, timeline: crash, alerts: watch([{ alert: 'unhealthy-backend', forUs: s(2) }]) });
    expect(alertsOf(run)).toEqual([
      { rule: 0, alert: 'unhealthy-backend', backend: 0, pendingUs: s(3), firingUs: s(5), resolvedUs: s(7), value: 1 },
    ]);
  });

  it('do not fire for what is over before that', () => {
    expect(
      alertsOf(ran({ pools, timeline: crash, alerts: watch([{ alert: 'unhealthy-backend', forUs: s(5) }]) })),
    ).toEqual([]);
  });

  it('tell of errors, of imbalance with enough requests, of connections, of a backend that went out and of slow checks', () => {
    const clients = [{ id: 'c1', arrivals: { kind: 'constant' as const, rateRps: 100 } }];
    const rules: NonNullable<ScenarioInput['alerts']>['rules'] = [
      { alert: 'errors', forUs: s(1) },
      { alert: 'imbalance', forUs: 0, factor: 1.5, minimum: 50 },
      { alert: 'imbalance', forUs: 0, factor: 1.5, minimum: 500 },
      { alert: 'pool-use', forUs: 0 },
      { alert: 'failover' },
      { alert: 'slow-probes', forUs: 0, tookUs: ms(40) },
    ];
    const weighted = two({ maxConnections: 1 }).map((pool) => ({
      ...pool,
      picker: { name: 'smooth-weighted-round-robin' },
      backends: pool.backends.map((one, at) => ({ ...one, weight: at === 0 ? 9 : 1 })),
    }));
    const hang: ScenarioInput['timeline'] = [{ do: 'hang', atUs: s(5), backend: 's2' }];
    const ill = ran({
      clients,
      pools: two().map((pool) => ({ ...pool, health })),
      timeline: hang,
      alerts: watch(rules),
    });
    expect(alertsOf(ill).map(({ alert, backend }) => [alert, backend])).toEqual([
      ['failover', -1],
      ['slow-probes', 1],
    ]);
    const skewed = alertsOf(ran({ clients, pools: weighted, alerts: watch(rules) }));
    expect(skewed.map(({ alert, rule }) => [alert, rule])).toEqual(
      expect.arrayContaining([
        ['imbalance', 1],
        ['pool-use', 3],
      ]),
    );
    expect(skewed.map(({ rule }) => rule)).not.toContain(2);
    const failing = ran({
      clients,
      pools: two(),
      timeline: [{ do: 'fail', atUs: s(1), backend: 's1', share: 1 }],
      alerts: watch(rules),
    });
    const tier = simulate({
      ...fromLibrary('failover-in-seconds'),
      alerts: { everyUs: s(1), windowUs: s(1), rules: [{ alert: 'failover', forUs: 0 }] },
    });
    tier.runToEnd();
    // The node that has the address dies, and comes back to take it again, if it does.
    const addresses = rowsOf(tier, EVENT_KIND.address).map(([, , , , node]) => node);
    expect(alertsOf(tier)).toHaveLength(addresses.filter((node, at) => at > 0 && node !== addresses[at - 1]).length);
    expect(alertsOf(tier).length).toBeGreaterThan(0);
    // Half of the requests fail from 1 s on: seen at 2 s, firing at 3 s, never over.
    expect(alertsOf(failing)).toMatchObject([
      { alert: 'errors', pendingUs: s(2), firingUs: s(3), resolvedUs: undefined, value: 0.5 },
    ]);
  });
});

it('a search finds events by kind, backend, request, time and words', () => {
  const run = ran({ pools: two(), timeline: [{ do: 'crash', atUs: ms(450), backend: 's1' }], durationUs: s(1) });
  const lines = (search: Parameters<typeof searchOf>[1]) => searchOf(run, search).map(({ line }) => line);
  expect(lines({ request: 1 })).toEqual([
    '0.100000 s  arrived  request 1  client c1',
    '0.100000 s  picked  request 1  backend s1  1',
    '0.100000 s  started  request 1  backend s1  0',
    '0.110000 s  served  request 1  backend s1  10000',
  ]);
  expect(lines({ text: 'REFUSED s1', limit: 1 })).toEqual(['0.500000 s  failed  request 5  backend s1  refused']);
  expect(searchOf(run, { kinds: ['picked'], backends: ['s2'], fromUs: ms(200), toUs: ms(400) })).toHaveLength(2);
  expect(() => searchOf(run, { backends: ['s9'] })).toThrow('no backend "s9" in this run; it knows s1, s2');
});

it('what was believed stands beside what was true, and where they differ that is said', () => {
  const health = {
    intervalUs: s(1),
    timeoutUs: ms(500),
    policy: { name: 'thresholds', options: { fall: 2, rise: 1 } },
  };
  const run = ran({
    pools: two().map((pool) => ({ ...pool, health })),
    timeline: [
      { do: 'crash', atUs: s(2) + 1, backend: 's1' },
      { do: 'recover', atUs: s(6) + 1, backend: 's1' },
      { do: 'fail', atUs: s(8), backend: 's2' },
    ],
  });
  const first = beliefsOf(run).filter(({ backend }) => backend === 's1');
  expect(first.map(({ believed, truth, isWrong }) => [believed, truth, isWrong])).toEqual([
    ['healthy', 'healthy', false],
    ['healthy', 'crashed', true],
    ['unhealthy', 'crashed', false],
    ['unhealthy', 'healthy', true],
    ['healthy', 'healthy', false],
  ]);
  expect([first[0]!.fromUs, first[1]!.fromUs, first.at(-1)!.toUs]).toEqual([0, s(2) + 1, s(10)]);
  for (const [at, stretch] of first.slice(1).entries()) expect(stretch.fromUs).toBe(first[at]!.toUs);
  expect(beliefsAt(run, s(9)).map(({ backend, truth }) => [backend, truth])).toEqual([
    ['s1', 'healthy'],
    ['s2', 'failing'],
  ]);
});
