import { describe, expect, test } from 'vitest';
import { FAILURE, SERVED } from '../../../../engine/index.ts';
import type { ScenarioInput, Simulation } from '../../../../engine/index.ts';
import { alike, constant, ms, s, simulate, world } from '../build.ts';

type TierInput = NonNullable<ScenarioInput['tier']>;
type DnsInput = Extract<NonNullable<TierInput['reach']>, { kind: 'dns' }>;

const GEO: DnsInput = {
  kind: 'dns',
  sites: 'region',
  policy: { name: 'geo', options: { ttlUs: s(10) } },
  check: { kind: 'after', downUs: s(1) },
};

/** Two regions, 80 ms apart; a client in each unless said otherwise. */
function regions(reach: Partial<DnsInput>, input: Partial<ScenarioInput> = {}): Simulation {
  const simulation = simulate(
    world({
      durationUs: s(40),
      clients: ['eu', 'us'].map((place) => ({
        id: `in-${place}`,
        place,
        users: 100,
        arrivals: { kind: 'constant', rateRps: 20 },
      })),
      tier: {
        nodes: [
          { id: 'eu', region: 'eu' },
          { id: 'us', region: 'us' },
        ],
        distances: [
          { between: ['eu', 'us'], roundTripUs: ms(80) },
          { between: ['eu', 'far'], roundTripUs: ms(300) },
          { between: ['us', 'far'], roundTripUs: ms(20) },
        ],
        reach: { ...GEO, ...reach },
      },
      ...input,
    }),
  );
  simulation.runToEnd();
  return simulation;
}

/** By client, what became of requests that left from `fromUs` on: the node that served them, or why they failed. */
function fates(simulation: Simulation, fromUs = 0): Record<string, Record<string, number>> {
  const { log } = simulation;
  const fates: Record<string, Record<string, number>> = {};
  for (let row = 0; row < log.length; row++) {
    if (log.sentUs[row]! < fromUs || Number.isNaN(log.endedUs[row]!)) continue;
    const failure = Object.entries(FAILURE).find(([, code]) => code === log.outcome[row]);
    const fate = log.outcome[row] === SERVED ? ['eu', 'us'][log.node[row]!]! : failure![0];
    const ofClient = (fates[log.names.clients[log.client[row]!]!] ??= {});
    ofClient[fate] = (ofClient[fate] ?? 0) + 1;
  }
  return fates;
}

const only = (simulation: Simulation, fromUs = 0) =>
  Object.fromEntries(
    Object.entries(fates(simulation, fromUs)).map(([client, where]) => [client, Object.keys(where).join()]),
  );

describe('a tier that is found by name', () => {
  test('geo sends each client to its own region', () => {
    expect(only(regions({}))).toEqual({ 'in-eu': 'eu', 'in-us': 'us' });
  });

  test('geo follows the resolver and not the user: one that is far sends all to the region near it', () => {
    const far = { id: 'public', place: 'far' };
    expect(only(regions({ resolvers: [far] }))).toEqual({ 'in-eu': 'us', 'in-us': 'us' });
    expect(only(regions({ resolvers: [{ ...far, ecs: true }] }))).toEqual({ 'in-eu': 'eu', 'in-us': 'us' });
  });

  test('the way to a region takes as long as it is far: one way half of the round trip, and back', () => {
    const { latencies } = regions(
      { resolvers: [{ id: 'public', place: 'far' }] },
      {
        pools: [
          {
            picker: { name: 'round-robin' },
            backends: alike(1, { workers: 100, service: { default: constant(ms(10)) } }),
          },
        ],
      },
    );
    // Half of the clients are at no distance and half at 80 ms. The histogram's buckets are a few per cent wide.
    expect(latencies.quantile(25)).toBeGreaterThan(ms(9));
    expect(latencies.quantile(25)).toBeLessThan(ms(11));
    expect(latencies.quantile(75)).toBeGreaterThan(ms(86));
    expect(latencies.quantile(75)).toBeLessThan(ms(94));
  });

  test('a drained region serves whoever still comes, until nobody does', () => {
    const simulation = regions({}, { timeline: [{ do: 'drain-region', atUs: s(10), region: 'eu' }] });
    expect(simulation.counts.failed).toBe(0);
    expect(Object.keys(fates(simulation, s(10))['in-eu']!).sort()).toEqual(['eu', 'us']);
    expect(only(simulation, s(20))).toEqual({ 'in-eu': 'us', 'in-us': 'us' });
  });

  test('a lost region is dead to all until it is restored', () => {
    const simulation = regions(
      {},
      {
        timeline: [
          { do: 'lose-region', atUs: s(5), region: 'eu' },
          { do: 'restore-region', atUs: s(6), region: 'eu' },
        ],
      },
    );
    // Noticed a second later, at the very moment at which it is back: nothing changes but what was lost in that second.
    const { 'in-eu': eu } = fates(simulation);
    expect(eu!['unreachable']).toBe(20);
    expect(only(simulation, s(7))).toEqual({ 'in-eu': 'eu', 'in-us': 'us' });
  });

  test('users that resolve once and never again go on to a dead region', () => {
    const stuck = { share: 1 };
    const simulation = regions(
      {},
      {
        clients: [{ id: 'in-eu', place: 'eu', overstay: stuck, arrivals: { kind: 'constant', rateRps: 20 } }],
        timeline: [{ do: 'lose-region', atUs: s(10), region: 'eu' }],
      },
    );
    expect(only(simulation, s(30))).toEqual({ 'in-eu': 'unreachable' });
  });

  test('a region that is full spills to the next, and empties the spill when the load goes down', () => {
    const simulation = regions({
      policy: { name: 'gslb', options: { ttlUs: s(1) } },
      capacityRps: { eu: 15 },
      loadEveryUs: s(1),
    });
    const where = fates(simulation, s(5))['in-eu']!;
    expect(where['eu']).toBeGreaterThan(0);
    expect(where['us']).toBeGreaterThan(0);
    expect(simulation.counts.failed).toBe(0);
  });

  test('regions keep to their own backends as long as those are well', () => {
    const backends = ['eu', 'us'].map((region) => ({
      id: `b-${region}`,
      region,
      workers: 10,
      service: { default: constant(ms(10)) },
    }));
    const keeps = (timeline: ScenarioInput['timeline']) => {
      const simulation = simulate(
        world({
          durationUs: s(20),
          clients: [{ id: 'in-eu', place: 'eu', arrivals: { kind: 'constant', rateRps: 20 } }],
          tier: {
            nodes: [
              { id: 'eu', region: 'eu' },
              { id: 'us', region: 'us' },
            ],
            distances: [{ between: ['eu', 'us'], roundTripUs: ms(80) }],
            keepsRegion: true,
            reach: GEO,
          },
          pools: [{ picker: { name: 'round-robin' }, health: { intervalUs: s(1), timeoutUs: ms(500) }, backends }],
          timeline,
        }),
      );
      simulation.runToEnd();
      return simulation.backends().map(({ served }) => served);
    };
    expect(keeps([])).toEqual([399, 0]);
    const [own, other] = keeps([{ do: 'crash', atUs: s(5), backend: 'b-eu' }]);
    expect(own).toBeGreaterThan(90);
    expect(other).toBeGreaterThan(200);
  });
});

describe('what is refused in the set-up of names, places and regions', () => {
  const refused =
    (reach: object, input: object = {}) =>
    () =>
      regions(reach, input);

  test.each([
    [
      'an unknown resolver policy',
      { policy: { name: 'goe' } },
      {},
      /tier\.reach\.policy\.name: found "goe".*Did you mean "geo"/,
    ],
    ['an unknown option', { policy: { name: 'geo', options: { tll: 1 } } }, {}, /options: found the option "tll"/],
    ['a place that is nowhere', { resolvers: [{ id: 'r', place: 'moon' }] }, {}, /resolvers\[0\]\.place: found "moon"/],
    ['a capacity of no site', { capacityRps: { mars: 5 } }, {}, /tier\.reach\.capacityRps: found "mars"/],
    [
      'a probe longer than its interval',
      { check: { kind: 'probes', intervalUs: 1, timeoutUs: 2 } },
      {},
      /check\.timeoutUs: found 2, expected at most intervalUs/,
    ],
    [
      'a route of a tier without routes',
      {},
      { timeline: [{ do: 'withdraw-route', atUs: 0, region: 'eu' }] },
      /timeline\[0\]\.do: .*reached by dns, expected anycast/,
    ],
    [
      'an unknown region',
      {},
      { timeline: [{ do: 'lose-region', atUs: 0, region: 'eo' }] },
      /timeline\[0\]\.region: found "eo".*Did you mean "eu"/,
    ],
    [
      'a region without a tier',
      {},
      {
        tier: undefined,
        clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps: 1 } }],
        timeline: [{ do: 'lose-region', atUs: 0, region: 'eu' }],
      },
      /"lose-region" without a tier/,
    ],
  ])('%s', (_, reach, input, message) => {
    expect(refused(reach, input)).toThrow(message);
  });
});
