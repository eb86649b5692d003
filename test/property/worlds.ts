import fc from 'fast-check';
import { pickerNames } from '../../engine/index.ts';
import type { Scenario } from '../../engine/index.ts';
import { parseScenario } from '../../engine/parse.ts';

const DURATION_US = 2_000_000;

const shortTime = fc.oneof(
  fc.constant({ kind: 'constant', valueUs: 0 } as const),
  fc.nat(30_000).map((valueUs) => ({ kind: 'constant', valueUs }) as const),
  fc.nat(30_000).map((maxUs) => ({ kind: 'uniform', minUs: 0, maxUs }) as const),
);

const serviceTime = fc.oneof(
  fc.nat(60_000).map((valueUs) => ({ kind: 'constant', valueUs }) as const),
  fc.integer({ min: 1, max: 60_000 }).map((meanUs) => ({ kind: 'exponential', meanUs }) as const),
  fc.integer({ min: 1, max: 60_000 }).map((meanUs) => ({ kind: 'lognormal', meanUs, scv: 3 }) as const),
);

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const backend = (id: string) =>
  fc.record({
    id: fc.constant(id),
    workers: fc.integer({ min: 1, max: 4 }),
    queueLimit: optional(fc.nat(5)),
    service: fc.record({ default: serviceTime }),
    weight: fc.integer({ min: 1, max: 5 }),
  });

const client = (id: string) =>
  fc.record({
    id: fc.constant(id),
    arrivals: fc.record({
      kind: fc.constantFrom('poisson' as const, 'constant' as const),
      rateRps: fc.integer({ min: 1, max: 120 }),
    }),
    requests: fc.constantFrom([{ path: '/' }], [{ path: '/' }, { name: 'video', path: '/video/1' }]),
    connections: optional(fc.integer({ min: 1, max: 4 })),
    timeoutUs: optional(fc.integer({ min: 1, max: 200_000 })),
  });

const pool = (id: string, backends: string[]) =>
  fc.record({
    id: fc.constant(id),
    picker: fc.record({ name: fc.constantFrom(...pickerNames) }),
    health: optional(
      fc
        .record({
          check: fc.constantFrom('tcp' as const, 'http' as const, 'readiness' as const, 'grpc' as const),
          schedule: fc.constantFrom('fixed' as const, 'after-result' as const),
          intervalUs: fc.integer({ min: 1_000, max: 300_000 }),
          fastIntervalUs: optional(fc.constant(1_000)),
          downIntervalUs: optional(fc.integer({ min: 1_000, max: 300_000 })),
          jitter: optional(fc.constant(0.3)),
          timeoutUs: fc.integer({ min: 1_000, max: 500_000 }),
        })
        // Probes that start every interval must not overlap.
        .map((health) => ({
          ...health,
          timeoutUs: health.schedule === 'fixed' ? Math.min(health.timeoutUs, health.intervalUs) : health.timeoutUs,
        })),
    ),
    agent: optional(fc.constant({ intervalUs: 50_000, timeoutUs: 10_000 })),
    outlier: optional(fc.constant({ name: 'max-fails', options: { fails: 2, windowUs: 500_000, outUs: 300_000 } })),
    backends: fc.tuple(...backends.map(backend)),
  });

const atUs = fc.nat(DURATION_US);
const target = fc.constantFrom('a1', 'a2', 'a3', 'b1', 'b2');
const action = fc.oneof(
  fc.record({
    do: fc.constantFrom('crash' as const, 'hang' as const, 'recover' as const, 'drain' as const, 'undrain' as const),
    atUs,
    backend: target,
  }),
  fc.record({ do: fc.constant('slow' as const), atUs, backend: target, factor: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ do: fc.constant('set-weight' as const), atUs, backend: target, weight: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant('remove-backend' as const), atUs, backend: target, force: fc.boolean() }),
  fc.record({ do: fc.constant('set-rate' as const), atUs, client: fc.constant('c1'), rateRps: fc.nat(200) }),
);

/** Small worlds with everything in them: both layers, two pools, every picker, checks, faults, timeouts, queues that are full. */
export const worlds: fc.Arbitrary<Scenario> = fc
  .record({
    name: fc.constant('any'),
    title: fc.constant('Any'),
    shows: fc.constant('Anything.'),
    durationUs: fc.constant(DURATION_US),
    seed: fc.nat(0xffffffff),
    clients: fc.tuple(client('c1'), client('c2')),
    network: fc.record({ clientToBalancer: shortTime, balancerToBackend: shortTime }),
    balancer: fc.oneof(
      fc.record({ layer: fc.constant(4 as const), timeoutUs: optional(fc.integer({ min: 1, max: 200_000 })) }),
      fc.record({
        layer: fc.constant(7 as const),
        timeoutUs: optional(fc.integer({ min: 1, max: 200_000 })),
        routes: fc.constantFrom([], [{ pathPrefix: '/video', pool: 'b' }]),
      }),
    ),
    pools: fc.tuple(pool('a', ['a1', 'a2', 'a3']), pool('b', ['b1', 'b2'])),
    timeline: fc.array(action, { maxLength: 12 }),
  })
  .map((input) => parseScenario(input, 'a generated world'));
