import { expect, it } from 'vitest';
import { EVENT_KIND } from '../../../engine/index.ts';
import type { ScenarioInput, Simulation } from '../../../engine/index.ts';
import leastconn from '../../conformance/data/recorded/haproxy-slowstart-leastconn.json' with { type: 'json' };
import roundRobinOff from '../../conformance/data/recorded/haproxy-slowstart-roundrobin-off.json' with { type: 'json' };
import roundRobin from '../../conformance/data/recorded/haproxy-slowstart-roundrobin.json' with { type: 'json' };
import { alike, constant, ms, rowsOf, s, simulate, world } from './build.ts';

type PoolInput = ScenarioInput['pools'][number];
type SlowStart = NonNullable<PoolInput['slowStart']>;

const HALF_SECOND = 500;
/** The first whole second after the down of s1 has been noticed: HAProxy's own clock stands at a whole second when the recordings begin, within 10 ms. */
const UP_AT = s(2);

/**
 * The set-up of the recordings: two servers of weight 100, checked every 100 ms with rise 2; one comes back, while there is a request about every
 * 12 ms. It is checked on the second, so it is up on the second.
 */
function comesBack(picker: string, holdUs: number, perSecond: number, slowStart?: SlowStart): Simulation {
  const run = simulate(
    world({
      durationUs: UP_AT + s(10),
      clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: perSecond } }],
      pools: [
        {
          picker: { name: picker },
          backends: alike(2, { weight: 100, workers: 1000, service: { default: constant(holdUs) } }),
          ...(slowStart && { slowStart }),
        },
      ],
      timeline: [
        { do: 'disable', atUs: s(1), backend: 's1' },
        { do: 'enable', atUs: UP_AT, backend: 's1' },
      ],
    }),
  );
  run.runToEnd();
  return run;
}

/** The share of s1 in each half second since it is up. */
function sharesOf(run: Simulation): number[] {
  const [hits, sent]: [number[], number[]] = [[], []];
  for (const [atUs, , , backend] of rowsOf(run, EVENT_KIND.picked)) {
    const window = Math.floor((atUs! - UP_AT) / ms(HALF_SECOND));
    if (window < 0) continue;
    sent[window] = (sent[window] ?? 0) + 1;
    hits[window] = (hits[window] ?? 0) + Number(backend === 0);
  }
  return sent.map((count, window) => hits[window]! / count);
}

const HOLD_US = { 'haproxy-round-robin': ms(1), 'haproxy-least-connections': ms(60) };

/**
 * Per window: one request each for where the rotation stands at its start and at its end, in their count and in ours, and one for the request that falls on
 * this or that side of a border. Then the timer: a task that runs late by up to 28 ms a second (recorded/README.md) makes every later step late, and until
 * it has come the share is that of the step before. Shares that stay, or have long come to a half, have no such part.
 */
function toleranceOf(requests: number, fromMs: number, step: number): number {
  const late = 28 * (1 + Math.floor(fromMs / 1000));
  return 3 / requests + step * Math.min(1, late / HALF_SECOND);
}

it.each([
  ['haproxy-round-robin', 'slow start of 8 s', roundRobin, { kind: 'haproxy', windowUs: s(8) }],
  ['haproxy-round-robin', 'without slow start', roundRobinOff, undefined],
  ['haproxy-least-connections', 'slow start of 8 s', leastconn, { kind: 'haproxy', windowUs: s(8) }],
] as const)(
  '%s, %s: a server that comes back gets the shares it got from HAProxy',
  (picker, _, recorded, slowStart) => {
    const perSecond = recorded.requests.length / Math.ceil(recorded.requests.at(-1)!.t_ms / 1000);
    const ours = sharesOf(comesBack(picker, HOLD_US[picker], perSecond, slowStart));
    recorded.share_of_s1_per_500ms.forEach(({ from_ms: from, requests, s1_fraction: theirs }, window) => {
      const step = Math.abs(ours[window]! - ours[Math.max(0, window - 1)]!);
      expect(Math.abs(ours[window]! - theirs), `from ${from} ms: ${theirs}, ours ${ours[window]}`).toBeLessThanOrEqual(
        toleranceOf(requests, from, step),
      );
    });
  },
);

const CALM = { atUs: s(2), backend: 's1' } as const;
const HEALTH = {
  intervalUs: ms(100),
  timeoutUs: ms(50),
  policy: { name: 'thresholds', options: { fall: 1, rise: 1 } },
};
const TEN_SECONDS: SlowStart = { kind: 'linear', windowUs: s(10) };

/** The weight of each of three backends after so many seconds of what happens to s1. */
function weightsAfter(
  seconds: number,
  timeline: ScenarioInput['timeline'],
  pool: Partial<PoolInput> = { slowStart: TEN_SECONDS },
): number[] {
  const backends = alike(3, { service: { default: constant(ms(1)) } });
  const run = simulate(
    world({
      durationUs: s(30),
      pools: [{ picker: { name: 'smooth-weighted-round-robin' }, backends, ...pool }],
      ...(timeline && { timeline }),
    }),
  );
  run.runUntil(s(seconds));
  return run.backends().map(({ weight }) => weight);
}

it('begins when a backend is enabled again, grows and ends; not when the process starts, nor after a drain that was called off', () => {
  const outAndIn: ScenarioInput['timeline'] = [
    { do: 'disable', ...CALM, atUs: s(1) },
    { do: 'enable', ...CALM },
  ];
  expect([1, 2, 7, 12].map((at) => weightsAfter(at, outAndIn)[0])).toEqual([1, 0.01, 0.5, 1]);
  const drained: ScenarioInput['timeline'] = [
    { do: 'drain', ...CALM, atUs: s(1) },
    { do: 'undrain', ...CALM },
  ];
  expect(weightsAfter(3, drained)).toEqual([1, 1, 1]);
});

it('begins when health checks pass again, and anew when they fail meanwhile', () => {
  const crashes: ScenarioInput['timeline'] = [
    { do: 'crash', ...CALM, atUs: s(1) },
    { do: 'recover', ...CALM },
    { do: 'crash', ...CALM, atUs: s(6) },
    { do: 'recover', ...CALM, atUs: s(7) },
  ];
  const pool = { slowStart: TEN_SECONDS, health: HEALTH };
  const [before, again, later] = [5.95, 7.95, 11.95].map((at) => weightsAfter(at, crashes, pool)[0]!);
  // Probes come every 100 ms at a phase of the backend's own, and weights move by hundredths.
  expect(before).toBeGreaterThan(0.37);
  expect(before).toBeLessThanOrEqual(0.4);
  expect(again).toBeGreaterThan(0.07);
  expect(again).toBeLessThanOrEqual(0.1);
  expect(later).toBeGreaterThan(0.47);
  expect(later).toBeLessThanOrEqual(0.5);
});

it('begins when a backend joins a running pool', () => {
  const backend = { id: 's4', weight: 4, service: { default: constant(ms(1)) } };
  expect(weightsAfter(7, [{ do: 'add-backend', atUs: s(2), backend }])).toEqual([1, 1, 1, 2]);
});

it('AWS: who has nobody steady beside it starts at once', () => {
  const all = ['s1', 's2', 's3'];
  const timeline = [
    ...all.map((backend) => ({ do: 'disable', atUs: s(1), backend }) as const),
    ...all.map((backend, at) => ({ do: 'enable', atUs: s(2 + at), backend }) as const),
  ];
  expect(weightsAfter(7, timeline)).toEqual([1, 0.4, 0.3]);
});

it('HAProxy: the bound on connections grows with the weight, and weights and bounds set meanwhile count when it is over', () => {
  const backends = alike(2, { maxConnections: 50, service: { default: constant(ms(1)) } });
  const run = simulate(
    world({
      durationUs: s(30),
      pools: [{ picker: { name: 'haproxy-round-robin' }, backends, slowStart: { kind: 'haproxy', windowUs: s(10) } }],
      timeline: [
        { do: 'disable', ...CALM, atUs: s(1) },
        { do: 'enable', ...CALM },
        { do: 'set-weight', atUs: s(9), backend: 's1', weight: 8 },
        { do: 'set-max-connections', atUs: s(9), backend: 's1', maxConnections: 80 },
      ],
    }),
  );
  const seen = [2.5, 7, 9, 12].map((at) => {
    run.runUntil(s(at));
    const { weight, maxConnections } = run.backends()[0]!;
    return [weight, maxConnections];
  });
  expect(seen).toEqual([
    [1 / 16, 1],
    [9 / 16, 25],
    [8 * (12 / 16), 56],
    [8, 80],
  ]);
});

it('a window HAProxy could not count, and a picker whose table has whole weights, are refused', () => {
  const backends = alike(2, { service: { default: constant(ms(1)) } });
  const pool = (name: string, slowStart: SlowStart) => () =>
    world({ pools: [{ picker: { name }, backends, slowStart }] });
  expect(pool('haproxy-round-robin', { kind: 'haproxy', windowUs: ms(500) })).toThrow(/slowStart\.windowUs/);
  expect(pool('haproxy-round-robin', { kind: 'envoy', windowUs: s(1), aggression: 0 })).toThrow(/aggression/);
  expect(pool('block-weighted-round-robin', { kind: 'linear', windowUs: s(1) })).toThrow(/slowStart.*whole/);
  expect(pool('ketama', { kind: 'envoy', windowUs: s(1) })).toThrow(/slowStart.*ketama.*whole/);
});

it('a weight that is no whole number is refused where the table of the picker knows no others', () => {
  const service = { default: constant(ms(1)) };
  const weighted = (name: string, weight: number, later: number) => () =>
    world({
      pools: [{ picker: { name }, backends: [{ id: 's1', service, weight }] }],
      timeline: [{ do: 'set-weight', atUs: 1, backend: 's1', weight: later }],
    });
  expect(weighted('nginx-hash', 1.5, 1)).toThrow(/backends\[0\]\.weight.*1\.5.*whole/);
  expect(weighted('nginx-hash', 1, 0.5)).toThrow(/timeline\[0\]\.weight.*0\.5.*whole/);
  expect(weighted('random', 1.5, 0.5)).not.toThrow();
});
