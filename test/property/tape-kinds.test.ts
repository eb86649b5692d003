import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COLUMN } from '../../engine/grade/tape.ts';
import { policiesFor, recordTape, Simulation, simulate } from '../../engine/index.ts';
import type { Policies } from '../../engine/index.ts';
import { parseScenario } from '../../engine/parse.ts';
import { describeColumn, record } from './tape-columns.ts';

/** A world in which every kind of policy decides: two pools, routes that rewrite, draw and reply, limits of every place, failures enough to retry. */
const everything = parseScenario(
  {
    name: 'everything',
    title: 'Everything',
    shows: 'Every kind of policy.',
    durationUs: 3_000_000,
    clients: [
      {
        id: 'c1',
        arrivals: { kind: 'poisson', rateRps: 150 },
        users: 20,
        timeoutUs: 400_000,
        retry: { retries: 1, on: ['5xx', 'timeout'] },
        requests: [
          { path: '/api/a', responseBytes: 10 },
          { name: 'split', path: '/split' },
          { name: 'old', path: '/old' },
          { name: 'lost', host: 'nowhere.test', method: 'POST', path: '/api/b' },
        ],
      },
    ],
    network: {
      clientToBalancer: { kind: 'constant', valueUs: 500 },
      balancerToBackend: { kind: 'uniform', minUs: 100, maxUs: 900 },
    },
    balancer: {
      timeoutUs: 60_000,
      rateLimits: [{ name: 'leaky-bucket', options: { rateRps: 120, burst: 20, delay: 5 } }],
      routes: [
        {
          id: 'api',
          pathPrefix: '/api',
          pool: 'a',
          rewrite: { path: '/', setHeaders: { via: 'ballast' } },
          rateLimits: [{ name: 'token-bucket', options: { rateRps: 80, burst: 5 } }],
        },
        {
          pathPrefix: '/split',
          split: [
            { pool: 'a', weight: 1 },
            { pool: 'b', weight: 2 },
          ],
        },
        { path: '/old', redirect: { location: '/new' } },
      ],
    },
    pools: [
      {
        id: 'a',
        picker: { name: 'power-of-two-choices' },
        health: { intervalUs: 50_000, timeoutUs: 20_000 },
        outlier: {
          name: 'outlier-detection',
          options: { intervalUs: 200_000, consecutive5xx: 4, maxEjectionPercent: 50, baseEjectionUs: 300_000 },
        },
        agent: { intervalUs: 100_000, timeoutUs: 20_000 },
        retry: {
          retries: 2,
          on: ['5xx', 'timeout', 'refused', 'reset'],
          backoff: { kind: 'full-jitter' },
          budget: { kind: 'concurrent' },
        },
        hedge: { delayUs: 20_000 },
        breaker: { windowUs: 500_000, minimum: 3, failureShare: 0.3, openUs: 200_000 },
        affinity: { name: 'signed-cookie', options: { maxAgeUs: 1_000_000 } },
        rateLimits: [
          { name: 'adaptive-throttling' },
          { name: 'token-bucket', options: { by: 'backend', rateRps: 60, burst: 10 } },
        ],
        backends: ['a1', 'a2', 'a3'].map((id) => ({
          id,
          workers: 2,
          service: { default: { kind: 'exponential', meanUs: 15_000 } },
        })),
      },
      {
        id: 'b',
        picker: { name: 'random' },
        health: {
          intervalUs: 50_000,
          timeoutUs: 20_000,
          policy: { name: 'haproxy-check', options: { observe: 'layer7', onError: 'fastinter', errorLimit: 2 } },
          fastIntervalUs: 10_000,
        },
        outlier: { name: 'nginx-max-fails', options: { maxFails: 2, failTimeoutUs: 200_000 } },
        affinity: { name: 'learned-cookie' },
        backends: ['b1', 'b2'].map((id) => ({
          id,
          workers: 1,
          service: { default: { kind: 'exponential', meanUs: 10_000 } },
        })),
      },
    ],
    timeline: [
      { do: 'fail', atUs: 400_000, backend: 'a1', share: 0.7 },
      { do: 'agent-says', atUs: 500_000, backend: 'a2', reply: 'up 50%' },
      { do: 'fail', atUs: 600_000, backend: 'b2', share: 0.6 },
      { do: 'crash', atUs: 900_000, backend: 'a3' },
      { do: 'drain', atUs: 1_000_000, backend: 'b1' },
      { do: 'recover', atUs: 1_500_000, backend: 'a1' },
      { do: 'recover', atUs: 1_800_000, backend: 'a3' },
    ],
  },
  'a test',
);

const own = (): Policies => policiesFor(everything);

/** Those of a tier need one: tape-tier.test.ts. */
const kinds = Object.values(COLUMN).filter((column) => !['elector', 'flows', 'resolver'].includes(column));
const anySeed = fc.nat(0xffffffff);

test('every kind decides in this world', () => {
  const { tape } = record(everything, 1);
  for (const column of kinds) expect(new Set(tape[column]).size, column).toBeGreaterThan(1);
});

test('scenario, seed and tape of all kinds give the same digest, and recording changes nothing', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const { tape, digest } = record(everything, seed);
      const bare = new Simulation(everything, own(), { seed });
      bare.runToEnd();
      expect(digest).toBe(bare.digest());
      expect(simulate(everything, seed, tape, own()).digest()).toBe(digest);
    }),
    { numRuns: 8 },
  );
});

for (const column of kinds) describeColumn(column, everything);

test('what a client decides is on the tape as well', () => {
  const { tape } = record(everything, 1, ['retry']);
  const without = recordTape({ ...own(), clients: new Map() }, ['retry']);
  new Simulation(everything, without.policies, { seed: 1 }).runToEnd();
  expect(tape.traits!.retry!.length).toBeGreaterThan(without.tape().traits!.retry!.length);
  expect(tape.retry!.length).toBeGreaterThan(without.tape().retry!.length);
});

test('what a policy says of itself is on the tape, not in the scenario', () => {
  const swept: number[] = [];
  const sweeping = own();
  const pools = new Map(sweeping.pools);
  pools.set('a', {
    ...pools.get('a')!,
    outlier: { sweepEveryUs: 70_000, observe: () => undefined, sweep: (_, ctx) => (swept.push(ctx.nowUs), undefined) },
  });
  const { policies, tape } = recordTape({ ...sweeping, pools }, ['outlier']);
  const simulation = new Simulation(everything, policies, { seed: 3 });
  simulation.runToEnd();
  expect(swept.slice(0, 2)).toEqual([70_000, 140_000]);
  expect(simulate(everything, 3, tape(), own()).digest()).toBe(simulation.digest());
});
