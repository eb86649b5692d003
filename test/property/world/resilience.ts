import fc from 'fast-check';
import { optional, seldom } from './times.ts';

const someUs = fc.integer({ min: 1, max: 80_000 });

const retry = fc.record({
  retries: fc.integer({ min: 1, max: 3 }),
  on: fc.constantFrom(['refused', 'reset', 'timeout'], ['5xx', 'refused'], ['rejected', 'gateway-error']),
  nonIdempotent: fc.boolean(),
  backoff: fc.oneof(
    fc.constant({ kind: 'none' as const }),
    fc.nat(20_000).map((waitUs) => ({ kind: 'constant' as const, waitUs })),
    fc.constant({ kind: 'full-jitter' as const, baseUs: 5_000, maxUs: 20_000 }),
  ),
  budget: optional(
    fc.constantFrom({ kind: 'concurrent' as const }, { kind: 'token-window' as const }, { kind: 'throttle' as const }),
  ),
  redispatch: seldom(fc.constantFrom({ every: 1 }, { every: -1 }, { every: 0 })),
});

/** What a pool does for a request beyond sending it once. */
export const resilience = fc.record({
  retry: seldom(retry),
  hedge: seldom(fc.constantFrom({ delayUs: 10_000 }, { percentile: 90, attempts: 3 })),
  breaker: seldom(fc.constant({ windowUs: 100_000, minimum: 3, openUs: 50_000 })),
  timeouts: seldom(fc.record({ tryUs: optional(someUs), overallUs: optional(someUs) })),
  queue: seldom(
    fc.record({
      limit: optional(fc.integer({ min: 1, max: 5 })),
      timeoutUs: optional(someUs),
      delay: optional(fc.constant({ targetUs: 5_000, intervalUs: 20_000 })),
    }),
  ),
  limits: seldom(
    fc.record({
      maxRequests: optional(fc.integer({ min: 1, max: 20 })),
      maxPending: optional(fc.integer({ min: 1, max: 5 })),
      maxRetries: optional(fc.nat(3)),
    }),
  ),
});
