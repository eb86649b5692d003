import fc from 'fast-check';
import { optional, seldom, serviceTime } from './times.ts';

const requests = fc.oneof(
  fc.constantFrom(
    [{ path: '/' }],
    [{ path: '/' }, { name: 'video', path: '/video/1', cost: 2 }],
    [
      { path: '/items/{key}', keys: { count: 5 }, requestBytes: 300, responseBytes: 900 },
      { name: 'order', method: 'POST', path: '/' },
    ],
  ),
  fc
    .tuple(serviceTime, fc.boolean())
    .map(([lasts, isMixed]) => [
      { name: 'socket', path: '/', stream: { lasts } },
      ...(isMixed ? [{ name: 'video', path: '/video/1' }] : []),
    ]),
);

const rateRps = fc.integer({ min: 1, max: 120 });

const openLoop = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('poisson' as const, 'constant' as const), rateRps }) },
  fc.record({ kind: fc.constant('batches' as const), rateRps, size: fc.integer({ min: 1, max: 6 }) }),
  fc.record({
    kind: fc.constant('modulated' as const),
    states: fc.tuple(
      fc.record({ rateRps, meanUs: fc.integer({ min: 1_000, max: 200_000 }) }),
      fc.record({ rateRps: fc.nat(50), meanUs: fc.integer({ min: 1_000, max: 200_000 }) }),
    ),
  }),
  fc.record({ kind: fc.constant('sinusoid' as const), rateRps, periodUs: fc.integer({ min: 1_000, max: 1_000_000 }) }),
  rateRps.map((peakRps) => ({
    kind: 'flash-crowd' as const,
    rateRps: 5,
    peakRps,
    atUs: 50_000,
    rampUs: 20_000,
    halveUs: 50_000,
  })),
  fc.record({
    kind: fc.constant('rate-table' as const),
    points: fc.tuple(
      rateRps.map((rate) => ({ atUs: 10_000, rateRps: rate })),
      fc.nat(120).map((rate) => ({ atUs: 150_000, rateRps: rate })),
    ),
    shape: fc.constantFrom('lines' as const, 'steps' as const),
    repeat: fc.boolean(),
  }),
  fc.constant({ kind: 'recorded' as const, timesUs: [0, 0, 5, 40_000], everyUs: 60_000 }),
);

/** Users who wait. Thinking takes a while, or a world without work would be nothing but requests. */
const closedLoop = fc.oneof(
  fc.integer({ min: 5_000, max: 60_000 }).map((meanUs) => ({
    kind: 'closed' as const,
    think: { kind: 'uniform' as const, minUs: 1_000, maxUs: meanUs },
  })),
  fc.record({ kind: fc.constant('paced' as const), rateRps }),
);

const retry = fc.record({
  retries: fc.nat(2),
  on: fc.constantFrom(['timeout' as const, '5xx' as const], ['refused' as const, 'reset' as const, 503]),
  backoff: fc.constantFrom({ kind: 'none' as const }, { kind: 'constant' as const, waitUs: 3_000 }),
  budget: optional(
    fc.constantFrom(
      { kind: 'token-window' as const, share: 0.2, minRetriesPerSecond: 1 },
      { kind: 'throttle' as const },
    ),
  ),
});

const clientOf = <Arrivals>(id: string, arrivals: fc.Arbitrary<Arrivals>) =>
  fc.record({
    id: fc.constant(id),
    transport: fc.constantFrom('tcp' as const, 'udp' as const),
    arrivals,
    requests,
    connections: optional(fc.integer({ min: 1, max: 4 })),
    users: fc.integer({ min: 1, max: 20 }),
    timeoutUs: optional(fc.integer({ min: 1, max: 60_000 })),
    retry: seldom(retry),
    keepAlive: seldom(fc.constant({ maxRequests: 3, idleTimeoutUs: 20_000 })),
    tcpHandshake: fc.boolean(),
    behindNat: fc.constantFrom(0, 0.5),
  });

/** Its rate can be set. */
export const openClient = (id: string) => clientOf(id, openLoop);
/** Of an open loop, or a closed one. */
export const anyClient = (id: string) =>
  clientOf(id, fc.oneof<[typeof openLoop, typeof closedLoop]>(openLoop, closedLoop));
