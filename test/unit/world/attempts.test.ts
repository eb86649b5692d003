import { describe, expect, it } from 'vitest';
import { EVENT_KIND, FAILURE, measure } from '../../../engine/index.ts';
import type { ScenarioInput, Simulation } from '../../../engine/index.ts';
import { alike, constant, exponential, ms, rowsOf, s, simulate, world } from './build.ts';

const { picked, served, failed, attemptFailed, retried, hedged, cancelled, pending, started } = EVENT_KIND;

type PoolInput = ScenarioInput['pools'][number];
type Retry = NonNullable<PoolInput['retry']>;

/** Two backends in turn that need 10 ms, one request each 100 ms from 100 ms on; the first backend goes wrong at once. */
function twoBackends(pool: Partial<PoolInput>, input: Partial<ScenarioInput> = {}): Simulation {
  const pools = [
    {
      picker: { name: 'round-robin' },
      backends: alike(2, { service: { default: constant(ms(10)) } }),
      ...pool,
    },
  ];
  return simulate(world({ pools, timeline: [{ do: 'crash', atUs: 0, backend: 's1' }], ...input }));
}

const fails = (status: number): ScenarioInput['timeline'] => [{ do: 'fail', atUs: 0, backend: 's1', status }];
const post = (): ScenarioInput['clients'] => [
  { id: 'c1', arrivals: { kind: 'constant', rateRps: 10 }, requests: [{ method: 'POST' }] },
];

describe('a retry', () => {
  it('goes to another backend at once, and the trace tells the way', () => {
    const simulation = twoBackends({ retry: {} });
    simulation.runUntil(ms(150));
    expect(rowsOf(simulation, picked, attemptFailed, retried, served)).toEqual([
      [ms(100), picked, 1, 0, 1],
      [ms(100), attemptFailed, 1, 0, FAILURE.refused],
      [ms(100), retried, 1, 0, 2],
      [ms(100), picked, 1, 1, 1],
      [ms(110), served, 1, 1, ms(10)],
    ]);
    expect(simulation.backends().map(({ served: good, failed: bad, inFlight }) => [good, bad, inFlight])).toEqual([
      [0, 0, 0],
      [1, 0, 0],
    ]);
  });

  it('waits as the back-off says', () => {
    const simulation = twoBackends({ retry: { backoff: { kind: 'constant', waitUs: ms(30) } } });
    simulation.runUntil(ms(150));
    expect(rowsOf(simulation, served)).toEqual([[ms(140), served, 1, 1, ms(40)]]);
  });

  it('happens no more often than allowed: then the last failure is the answer', () => {
    const simulation = twoBackends(
      { retry: { retries: 3 }, backends: alike(1, { service: { default: constant(ms(10)) } }) },
      {},
    );
    simulation.runUntil(ms(150));
    expect(rowsOf(simulation, picked)).toHaveLength(4);
    expect(rowsOf(simulation, failed)).toEqual([[ms(100), failed, 1, 0, FAILURE.refused]]);
  });

  it.each<[string, Retry, ScenarioInput['timeline'], boolean]>([
    ['a status that is listed', { on: [503] }, fails(503), true],
    ['a status that is not listed', { on: [502] }, fails(503), false],
    ['any 5xx', { on: ['5xx'] }, fails(500), true],
    ['a gateway error that is a 500', { on: ['gateway-error'] }, fails(500), false],
    ['a connection that was closed', { on: ['reset'] }, fails(0), true],
    ['a connection that was closed, where only refusals count', { on: ['refused'] }, fails(0), false],
  ])('after %s', (_, retry, timeline, expected) => {
    const simulation = twoBackends({ retry }, { timeline: timeline! });
    simulation.runUntil(ms(150));
    expect(rowsOf(simulation, served)).toHaveLength(expected ? 1 : 0);
  });

  it('of a POST happens only if it surely was not carried out, or if asked for', () => {
    const retriesOf = (retry: Retry, timeline: ScenarioInput['timeline']) => {
      const simulation = twoBackends({ retry }, { clients: post(), timeline: timeline! });
      simulation.runUntil(ms(150));
      return rowsOf(simulation, retried).length;
    };
    expect(retriesOf({}, [{ do: 'crash', atUs: 0, backend: 's1' }])).toBe(1);
    expect(retriesOf({}, fails(0))).toBe(0);
    expect(retriesOf({ nonIdempotent: true }, fails(0))).toBe(1);
  });

  it('after a timeout leaves the first backend working', () => {
    const simulation = twoBackends(
      { retry: {}, timeouts: { tryUs: ms(50) }, backends: alike(2, { service: { default: constant(ms(10)) } }) },
      { timeline: [{ do: 'slow', atUs: 0, backend: 's1', factor: 20 }] },
    );
    simulation.runUntil(ms(165));
    expect(rowsOf(simulation, retried)).toEqual([[ms(150), retried, 1, 0, 2]]);
    expect(rowsOf(simulation, served)).toEqual([[ms(160), served, 1, 1, ms(60)]]);
    expect(simulation.backends().map(({ busy }) => busy)).toEqual([1, 0]);
  });

  it('ends with the deadline of the whole request', () => {
    const simulation = twoBackends(
      { retry: { retries: 9 }, timeouts: { tryUs: ms(30), overallUs: ms(70) } },
      { timeline: ['s1', 's2'].map((backend) => ({ do: 'hang', atUs: 0, backend }) as const) },
    );
    simulation.runUntil(ms(195));
    expect(rowsOf(simulation, picked).map(([atUs]) => atUs)).toEqual([ms(100), ms(130), ms(160)]);
    expect(rowsOf(simulation, failed)).toEqual([[ms(170), failed, 1, 1, FAILURE.timeout]]);
  });

  it('stays on its backend for the turn-around of HAProxy, and leaves it with the last one', () => {
    const wait = { kind: 'constant', waitUs: s(1) } as const;
    const retry: Retry = { retries: 3, on: ['refused'], backoff: wait, redispatch: { every: -1 } };
    const clients: ScenarioInput['clients'] = [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 0.1 } }];
    const simulation = twoBackends({ retry }, { clients, durationUs: s(20) });
    simulation.runUntil(s(15));
    expect(rowsOf(simulation, picked).map(([atUs, , , backend]) => [atUs, backend])).toEqual([
      [s(10), 0],
      [s(11), 0],
      [s(12), 0],
      [s(12), 1],
    ]);
  });

  it('is not made once the client has gone', () => {
    const clients: ScenarioInput['clients'] = [
      { id: 'c1', arrivals: { kind: 'constant', rateRps: 10 }, timeoutUs: ms(20) },
    ];
    const simulation = twoBackends({ retry: { backoff: { kind: 'constant', waitUs: ms(30) } } }, { clients });
    simulation.runUntil(ms(190));
    expect(rowsOf(simulation, picked)).toHaveLength(1);
    expect(rowsOf(simulation, failed)).toEqual([[ms(120), failed, 1, 0, FAILURE.abandoned]]);
  });
});

describe('a retry storm', () => {
  /** Attempts per request while every backend refuses, 100 requests a second for 10 s. */
  function amplification(retry: Retry): number {
    const simulation = simulate(
      world({
        clients: [{ id: 'c1', arrivals: { kind: 'poisson', rateRps: 100 } }],
        pools: [{ picker: { name: 'random' }, retry, backends: alike(5, { service: { default: constant(ms(10)) } }) }],
        timeline: alike(5, { service: { default: constant(0) } }).map(({ id }) => ({
          do: 'fail',
          atUs: 0,
          backend: id,
          status: 503,
        })),
      }),
    );
    simulation.runToEnd();
    return rowsOf(simulation, picked).length / simulation.counts.arrived;
  }

  it('multiplies the load by one more than the number of retries where nothing bounds it', () => {
    expect(amplification({ retries: 3, on: ['5xx'] })).toBe(4);
  });

  it('is held to a fifth by a token budget without reserve', () => {
    // A retry costs five deposits, and each request makes one.
    const budget = { kind: 'token-window', minRetriesPerSecond: 0 } as const;
    expect(amplification({ retries: 3, on: ['5xx'], budget })).toBeCloseTo(1.2, 2);
  });

  it('ends when the throttle is half empty', () => {
    // The sixth token of ten is the last that may be spent: four retries or five, then none.
    expect(amplification({ retries: 3, on: ['5xx'], budget: { kind: 'throttle' } })).toBeLessThan(1.01);
  });

  it('is held by a limit on retries under way', () => {
    const wait = { kind: 'constant', waitUs: s(1) } as const;
    const simulation = twoBackends(
      { retry: { on: ['5xx'], backoff: wait }, limits: { maxRetries: 3 } },
      { timeline: ['s1', 's2'].map((backend) => ({ do: 'fail', atUs: 0, backend }) as const) },
    );
    simulation.runUntil(ms(1050));
    expect(rowsOf(simulation, attemptFailed)).toHaveLength(3);
  });
});

describe('a hedge', () => {
  it('is sent when the first attempt takes long; the first answer counts and the other attempt is cancelled', () => {
    const simulation = twoBackends(
      { hedge: { delayUs: ms(20) } },
      { timeline: [{ do: 'slow', atUs: 0, backend: 's1', factor: 20 }] },
    );
    simulation.runUntil(ms(150));
    expect(rowsOf(simulation, picked, hedged, cancelled, served)).toEqual([
      [ms(100), picked, 1, 0, 1],
      [ms(120), hedged, 1, 1, 2],
      [ms(120), picked, 1, 1, 1],
      [ms(130), cancelled, 1, 0, 0],
      [ms(130), served, 1, 1, ms(30)],
    ]);
    expect(simulation.backends().map(({ inFlight, busy }) => [inFlight, busy])).toEqual([
      [0, 1],
      [0, 0],
    ]);
  });

  it('cuts the tail as the lesser of two independent draws', () => {
    // Pauses are exponential with mean m, both attempts at once, little load: the lesser is exponential with mean m / 2, and p99 = m ln(100) / 2.
    const p99Of = (hedge?: PoolInput['hedge']) => {
      const simulation = simulate(
        world({
          durationUs: s(400),
          clients: [{ id: 'c1', arrivals: { kind: 'poisson', rateRps: 50 } }],
          pools: [
            {
              picker: { name: 'random' },
              ...(hedge && { hedge }),
              backends: alike(20, { service: { default: constant(0) }, pause: exponential(ms(10)), workers: 50 }),
            },
          ],
        }),
      );
      simulation.runToEnd();
      return measure(simulation.log, { metric: 'p99' });
    };
    // The standard error of p99 over n = 20,000 is m sqrt(99 / n) = 0.07 m, four of them 0.28 m; of the half-sized draws half of that.
    expect(Math.abs(p99Of() - 46_052)).toBeLessThan(2_800);
    expect(Math.abs(p99Of({ delayUs: 0 }) - 23_026)).toBeLessThan(1_400);
  });

  it('does not help where the work itself is long: it is the same for every attempt', () => {
    const p99Of = (hedge?: PoolInput['hedge']) => {
      const simulation = twoBackends(
        { ...(hedge && { hedge }), backends: alike(2, { service: { default: exponential(ms(10)) }, workers: 50 }) },
        { timeline: [] },
      );
      simulation.runToEnd();
      return measure(simulation.log, { metric: 'p99' });
    };
    expect(p99Of({ delayUs: 0 })).toBe(p99Of());
  });

  it('is not an answer when it fails while the first attempt is under way', () => {
    const simulation = twoBackends(
      { hedge: { delayUs: ms(5) } },
      { timeline: [{ do: 'crash', atUs: 0, backend: 's2' }] },
    );
    simulation.runUntil(ms(150));
    expect(rowsOf(simulation, served)).toEqual([[ms(110), served, 1, 0, ms(10)]]);
  });

  it('keeps within its share of the requests', () => {
    const simulation = twoBackends({ hedge: { delayUs: ms(1), share: 0.1 } }, { timeline: [] });
    simulation.runUntil(s(10));
    // One is saved up in the beginning, and every tenth of 100 requests adds one.
    expect(rowsOf(simulation, hedged).length).toBeGreaterThanOrEqual(10);
    expect(rowsOf(simulation, hedged).length).toBeLessThanOrEqual(11);
  });
});

describe('the queue of the balancer', () => {
  const burst: ScenarioInput['clients'] = [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 1000 } }];
  const held = (count: number, maxConnections: number) =>
    alike(count, { service: { default: constant(ms(100)) }, workers: 10, maxConnections });

  it('is first in, first out, and sends on as soon as a backend has room', () => {
    const simulation = twoBackends({ backends: held(2, 1), queue: {} }, { clients: burst, timeline: [] });
    simulation.runUntil(ms(205));
    expect(rowsOf(simulation, pending).slice(0, 3)).toEqual([
      [ms(3), pending, 3, -1, 1],
      [ms(4), pending, 4, -1, 2],
      [ms(5), pending, 5, -1, 3],
    ]);
    expect(rowsOf(simulation, started).map(([atUs, , request, backend]) => [atUs, request, backend])).toEqual([
      [ms(1), 1, 0],
      [ms(2), 2, 1],
      [ms(101), 3, 0],
      [ms(102), 4, 1],
      [ms(201), 5, 0],
      [ms(202), 6, 1],
    ]);
  });

  it('turns away whom it has no room for, and who waits too long', () => {
    const simulation = twoBackends(
      { backends: held(1, 1), queue: { limit: 2, timeoutUs: ms(50) } },
      { clients: burst, timeline: [] },
    );
    simulation.runUntil(ms(52));
    const failures = rowsOf(simulation, failed).map(([atUs, , request, , failure]) => [atUs, request, failure]);
    expect(failures[0]).toEqual([ms(4), 4, FAILURE.crowded]);
    expect(failures).toContainEqual([ms(52), 2, FAILURE.waited]);
  });

  it('fails with a 503 at once where there is none, or nobody to wait for', () => {
    const without = twoBackends({ backends: held(1, 1), limits: {} }, { clients: burst, timeline: [] });
    without.runUntil(ms(2));
    expect(rowsOf(without, failed)).toEqual([[ms(2), failed, 2, -1, FAILURE.noBackend]]);
    const drained = twoBackends(
      { backends: held(1, 1), queue: {} },
      { timeline: [{ do: 'drain', atUs: 0, backend: 's1' }] },
    );
    drained.runUntil(ms(100));
    expect(rowsOf(drained, failed)).toEqual([[ms(100), failed, 1, -1, FAILURE.noBackend]]);
  });

  it('forgets who gave up', () => {
    const clients: ScenarioInput['clients'] = [
      { id: 'c1', arrivals: { kind: 'constant', rateRps: 1000 }, timeoutUs: ms(50) },
    ];
    const simulation = twoBackends({ backends: held(1, 1), queue: {} }, { clients, timeline: [] });
    simulation.runUntil(ms(120));
    const starts = rowsOf(simulation, started).map(([atUs, , request]) => [atUs, request]);
    // Request 1 is given up at 51 ms, which frees its place for request 2, by then given up itself at 52 ms.
    expect(starts.slice(0, 3)).toEqual([
      [ms(1), 1],
      [ms(51), 2],
      [ms(52), 3],
    ]);
  });

  it('sheds what has waited beyond the target while it does not empty', () => {
    const simulation = twoBackends(
      { backends: held(1, 1), queue: { delay: { targetUs: ms(20), intervalUs: ms(150) } } },
      { clients: burst, timeline: [] },
    );
    simulation.runUntil(ms(205));
    // At 201 ms the queue has stood for 199 ms: all that came before 181 ms go, request 181 has waited for 20 ms and is served.
    expect(rowsOf(simulation, failed).map(([atUs, , , , failure]) => [atUs, failure])).toEqual(
      Array.from({ length: 178 }, () => [ms(201), FAILURE.shed]),
    );
    expect(rowsOf(simulation, started).at(-1)).toEqual([ms(201), started, 181, 0, 0]);
  });

  it('refuses more requests than the circuit allows', () => {
    const simulation = twoBackends(
      { backends: held(2, 1), queue: {}, limits: { maxRequests: 3, maxPending: 1 } },
      { clients: burst, timeline: [] },
    );
    simulation.runUntil(ms(4));
    expect(rowsOf(simulation, failed)).toEqual([[ms(4), failed, 4, -1, FAILURE.broken]]);
  });
});

describe('a circuit breaker', () => {
  it('opens when too much fails, lets one request try, and closes when that is served', () => {
    const breaker = { windowUs: s(1), minimum: 4, failureShare: 0.5, openUs: s(1) };
    const clients: ScenarioInput['clients'] = [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 20 } }];
    const simulation = twoBackends(
      { breaker },
      {
        clients,
        timeline: [
          { do: 'fail', atUs: 0, backend: 's1' },
          { do: 'recover', atUs: ms(1800), backend: 's1' },
        ],
      },
    );
    simulation.runUntil(s(3));
    const toFirst = rowsOf(simulation, picked)
      .filter(([, , , backend]) => backend === 0)
      .map(([atUs]) => atUs! / 1000);
    // Every other request fails: four until 350 ms, one trial after 1 s and another after 2 s.
    expect(toFirst.slice(0, 4)).toEqual([50, 150, 250, 350]);
    expect(toFirst.filter((atMs) => atMs > 350 && atMs < 2350)).toHaveLength(1);
    expect(toFirst.filter((atMs) => atMs >= 2350).length).toBeGreaterThan(5);
  });
});

it('who is let in by an answer stands behind those that wait at the backend already', () => {
  // One worker, room for two: the third waits in the balancer, and comes in the instant in which the worker has just answered the first.
  const pools = [
    {
      picker: { name: 'round-robin' },
      queue: {},
      backends: alike(1, { service: { default: constant(ms(25)) }, maxConnections: 2 }),
    },
  ];
  const clients = [{ id: 'c1', arrivals: { kind: 'constant' as const, rateRps: 100 } }];
  const simulation = simulate(world({ clients, pools }));
  simulation.runUntil(ms(60));
  expect(rowsOf(simulation, started).map(([atUs, , request]) => [atUs, request])).toEqual([
    [ms(10), 1],
    [ms(35), 2],
    [ms(60), 3],
  ]);
  expect(simulation.backends()[0]).toMatchObject({ workers: 1, busy: 1, queued: 1, inFlight: 2 });
});
