import fc from 'fast-check';
import { optional } from './times.ts';

const everyUs = fc.integer({ min: 1_000, max: 80_000 });

const judge = fc.constantFrom(
  { name: 'thresholds', options: { fall: 1, rise: 2 } },
  { name: 'thresholds' },
  { name: 'haproxy-check', options: { fall: 2, rise: 2 } },
  { name: 'envoy-check', options: { fall: 2, rise: 2 } },
);

/** Active checks. */
export const health = fc
  .record({
    check: fc.constantFrom('tcp' as const, 'http' as const, 'readiness' as const, 'grpc' as const),
    schedule: fc.constantFrom('fixed' as const, 'after-result' as const),
    intervalUs: everyUs,
    fastIntervalUs: optional(fc.constant(1_000)),
    downIntervalUs: optional(everyUs),
    jitter: optional(fc.constant(0.3)),
    timeoutUs: fc.integer({ min: 1_000, max: 100_000 }),
    policy: judge,
  })
  // Probes that start every interval must not overlap.
  .map((one) => ({
    ...one,
    timeoutUs: one.schedule === 'fixed' ? Math.min(one.timeoutUs, one.intervalUs) : one.timeoutUs,
  }));

/** Passive ones. */
export const outlier = fc.constantFrom(
  { name: 'max-fails', options: { fails: 2, windowUs: 100_000, outUs: 60_000 } },
  { name: 'nginx-max-fails', options: { maxFails: 1, failTimeoutUs: 50_000 } },
  { name: 'outlier-detection', options: { intervalUs: 50_000, baseEjectionUs: 50_000, consecutive5xx: 2 } },
  { name: 'consecutive-failures', options: { minPenaltyUs: 20_000, maxPenaltyUs: 100_000 } },
  { name: 'failure-accrual', options: { startUs: 20_000, maxUs: 100_000 } },
);
