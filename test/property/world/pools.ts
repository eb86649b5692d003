import fc from 'fast-check';
import { pickerNames } from '../../../engine/index.ts';
import type { backend } from './backends.ts';
import { health, outlier } from './health.ts';
import { resilience } from './resilience.ts';
import { optional, seldom } from './times.ts';

/** Tables that are dear to build, at sizes that are not. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  maglev: { tableSize: 251 },
  'bounded-load': { tableSize: 251 },
  'ring-hash': { minimumRingSize: 64 },
  'grpc-ring-hash': { minimumRingSize: 64 },
};

const picker = fc.constantFrom(...pickerNames).map((name) => ({ name, options: OPTIONS[name] ?? {} }));

const connections = fc.record({
  min: fc.nat(2),
  max: optional(fc.integer({ min: 2, max: 5 })),
  idle: fc.nat(3),
  idleTimeoutUs: fc.integer({ min: 1, max: 60_000 }),
  maxRequests: fc.integer({ min: 1, max: 10 }),
  backendIdleTimeoutUs: optional(fc.integer({ min: 1, max: 60_000 })),
  tls: optional(fc.constantFrom({ version: '1.2' as const }, { version: '1.3' as const })),
});

const slowStart = fc.constantFrom(
  { kind: 'envoy' as const, windowUs: 50_000 },
  { kind: 'linear' as const, windowUs: 80_000 },
);

const affinity = fc.constantFrom(
  { name: 'inserted-cookie' },
  { name: 'signed-cookie' },
  { name: 'session-table', options: { by: 'address' as const } },
  { name: 'prefer-last' },
);

const eligibility = fc.constantFrom(
  { panicThreshold: 0.5 },
  { failOpenBelow: 1 },
  { locality: { kind: 'weighted' as const, weights: { a: 1, b: 2 } } },
  { locality: { kind: 'zone-aware' as const, zone: 'a', balancers: { a: 1, b: 1 }, minimumHosts: 2 } },
);

export const pool = (id: string, backends: ReturnType<typeof backend>[]) =>
  fc
    .record({
      id: fc.constant(id),
      picker,
      health: optional(health),
      agent: seldom(fc.constant({ intervalUs: 30_000, timeoutUs: 10_000 })),
      outlier: optional(outlier),
      loadReports: fc.boolean(),
      connections: seldom(connections),
      slowStart: seldom(slowStart),
      affinity: seldom(affinity),
      eligibility: seldom(eligibility),
      rateLimits: seldom(fc.constant([{ name: 'token-bucket', options: { rateRps: 40, burst: 5 } }])),
      care: resilience,
      backends: fc.tuple(...backends),
    })
    .map(({ care, ...one }) => ({ ...one, ...care }));
