import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COLUMN } from '../../engine/grade/tape.ts';
import type { Column } from '../../engine/grade/tape.ts';
import { policiesFor, recordTape, Simulation, simulate, TapeError } from '../../engine/index.ts';
import type { Policies, Tape } from '../../engine/index.ts';
import { parseScenario } from '../../engine/parse.ts';

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

function record(seed: number, columns?: readonly Column[]): { tape: Tape; digest: string } {
  const { policies, tape } = recordTape(own(), columns);
  const simulation = new Simulation(everything, policies, { seed });
  simulation.runToEnd();
  return { tape: { ...tape(), seed }, digest: simulation.digest() };
}

function refusal(seed: number, tape: Tape): string {
  try {
    return simulate(everything, seed, tape, own()).digest();
  } catch (error) {
    if (error instanceof TapeError) return error.message;
    throw error;
  }
}

/** Those of a tier need one. */
const kinds = Object.values(COLUMN).filter((column) => !['elector', 'flows', 'resolver'].includes(column));
const anySeed = fc.nat(0xffffffff);

test('every kind decides in this world', () => {
  const { tape } = record(1);
  for (const column of kinds) expect(new Set(tape[column]).size, column).toBeGreaterThan(1);
});

test('scenario, seed and tape of all kinds give the same digest, and recording changes nothing', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const { tape, digest } = record(seed);
      const bare = new Simulation(everything, own(), { seed });
      bare.runToEnd();
      expect(digest).toBe(bare.digest());
      expect(simulate(everything, seed, tape, own()).digest()).toBe(digest);
    }),
    { numRuns: 8 },
  );
});

describe.each(kinds)('the column %s', (column) => {
  const { tape, digest } = record(7, [column]);
  const codes = [...tape[column]!];
  const changed = (to: readonly number[]): Tape => ({
    ...tape,
    [column]: (tape[column]!.constructor as Uint16ArrayConstructor).from(to),
  });

  test('replays alone, beside the scenario’s other policies', () => {
    expect(simulate(everything, 7, tape, own()).digest()).toBe(digest);
  });

  test('is refused when it is too short, and says after how many', () => {
    expect(refusal(7, changed(codes.slice(0, -1)))).toMatch(
      new RegExp(`^The tape ends after ${codes.length - 1} of its kind, and the run asks for`),
    );
  });

  test('is refused when it is too long, and says by how much', () => {
    expect(refusal(7, changed([...codes, codes.at(-1)!]))).toBe(
      'The run ended with 1 decisions left on the tape: it belongs to another run.',
    );
  });

  test('is refused where it says what nothing means', () => {
    const nonsense = tape[column] instanceof Float64Array ? NaN : tape[column] instanceof Uint8Array ? 77 : 60_000;
    expect(refusal(7, changed([nonsense, ...codes.slice(1)]))).toMatch(/ 1 of the tape is /);
  });

  test('of another seed is refused, and says so', () => {
    expect(refusal(8, tape)).toBe('The tape was recorded with seed 7, and the run has seed 8.');
  });
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
