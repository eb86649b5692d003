import { z } from 'zod';
import { count, durationUs, positiveUs } from './scenario-words.ts';

/** What a pool may say of the way between balancer and backend, beside its picker and its health policies. */

/** The wait before a retry. `decorrelated` draws from `baseUs` to three times the wait before. */
const backoff = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('constant'), waitUs: durationUs }),
  /** Envoy: anything below baseUs (2^n - 1), at most `maxUs`. */
  z.strictObject({ kind: z.literal('full-jitter'), baseUs: positiveUs.default(25_000), maxUs: positiveUs.optional() }),
  /** gRPC: exponential, give or take `jitter`. */
  z.strictObject({
    kind: z.literal('exponential'),
    baseUs: positiveUs.default(1_000_000),
    multiplier: z.number().min(1).default(1.6),
    jitter: z.number().min(0).max(1).default(0.2),
    maxUs: positiveUs.default(120_000_000),
  }),
  z.strictObject({ kind: z.literal('decorrelated'), baseUs: positiveUs, maxUs: positiveUs }),
]);

/** How many retries there may be in all. */
const budget = z.discriminatedUnion('kind', [
  /** Envoy: a share of the requests under way. */
  z.strictObject({
    kind: z.literal('concurrent'),
    percent: z.number().min(0).max(100).default(20),
    minimum: z.int().nonnegative().default(3),
  }),
  /** Finagle: each request deposits, each retry withdraws; deposits are forgotten after a while. */
  z.strictObject({
    kind: z.literal('token-window'),
    ttlUs: positiveUs.default(10_000_000),
    minRetriesPerSecond: z.number().nonnegative().default(10),
    share: z.number().min(0).max(1000).default(0.2),
  }),
  /** tower: the same in ten slots. */
  z.strictObject({
    kind: z.literal('slots'),
    ttlUs: positiveUs.default(10_000_000),
    minPerSecond: z.int().nonnegative().default(10),
    share: z.number().min(0).max(1000).default(0.2),
  }),
  /** gRPC: failures drain a bucket, successes fill it; below half nothing is retried. */
  z.strictObject({
    kind: z.literal('throttle'),
    maxTokens: count.default(10),
    tokenRatio: z.number().positive().default(0.1),
  }),
]);

const condition = z.union([
  z.enum(['refused', 'reset', 'timeout', 'rejected', '5xx', 'gateway-error']),
  z.int().min(400).max(599),
]);

export const retry = z.strictObject({
  /** Retries of one request; the first attempt does not count. */
  retries: z.int().nonnegative().default(1),
  /** What is tried again: how the attempt ended, or the status of the response. */
  on: z.array(condition).min(1).default(['refused', 'reset', 'timeout']),
  /** Also requests that a backend may have carried out, of methods that must not be carried out twice (POST, PATCH). */
  nonIdempotent: z.boolean().default(false),
  backoff: backoff.prefault({ kind: 'none' }),
  budget: budget.optional(),
  /**
   * Absent: the picker chooses anew for each retry. HAProxy: retries stay on the backend, after a wait, except every `every`-th; -1 is the last one, 0 none.
   * With `anyServer` (its rotating algorithms) the first one leaves already.
   */
  redispatch: z.strictObject({ every: z.int(), anyServer: z.boolean().default(false) }).optional(),
});

const hedge = z.strictObject({
  /** How long to wait before the next attempt is sent beside those under way. */
  delayUs: durationUs.optional(),
  /** Instead: the latency that this share of the answers keeps within. (Finagle: backup requests.) */
  percentile: z.number().gt(0).lt(100).optional(),
  /** The first one included. */
  attempts: z.int().min(2).default(2),
  /** At most this share of the requests is hedged. */
  share: z.number().min(0).max(1).default(1),
});

const breaker = z.strictObject({
  /** Opens when in the last `windowUs` at least `minimum` requests ended and this share of them failed. */
  windowUs: positiveUs.default(10_000_000),
  minimum: count.default(20),
  failureShare: z.number().gt(0).max(1).default(0.5),
  /** Then nothing goes there for so long; after that one request tries. */
  openUs: positiveUs.default(5_000_000),
});

export const resilience = {
  /** Responses tell the load of their backend, as with ORCA. Who asks for it with probes needs no more than a picker that does. */
  loadReports: z.boolean().default(false),
  retry: retry.optional(),
  hedge: hedge.optional(),
  breaker: breaker.optional(),
  timeouts: z
    .strictObject({
      /** One attempt may take so long. Absent: as the balancer's timeout says. */
      tryUs: positiveUs.optional(),
      /** All attempts together, waiting included; then a 504. */
      overallUs: positiveUs.optional(),
    })
    .optional(),
  /** Where requests wait in the balancer while all backends have as many in flight as they may. Absent: a 503. */
  queue: z
    .strictObject({
      limit: count.optional(),
      /** Requests that may wait for one backend they are bound to. (HAProxy: maxqueue.) */
      limitPerBackend: count.optional(),
      timeoutUs: positiveUs.optional(),
      /** Sheds what has waited longer than `targetUs` while the queue has not been empty for `intervalUs`. */
      delay: z
        .strictObject({ targetUs: positiveUs.default(5_000), intervalUs: positiveUs.default(100_000) })
        .optional(),
    })
    .optional(),
  /** Circuit limits, one for the whole pool. (Envoy: 1024, 1024, 1024, 3.) */
  limits: z
    .strictObject({
      /** Requests under way, waiting ones included. */
      maxRequests: count.optional(),
      /** Requests that wait in the queue. */
      maxPending: count.optional(),
      /** Retries that wait or are under way. */
      maxRetries: z.int().nonnegative().optional(),
    })
    .optional(),
};
