import { z } from 'zod';
import { positiveUs } from './scenario-words.ts';

const forUs = z.int().nonnegative();
const share = z.number().min(0).max(1);
const MINUTE_US = 60_000_000;

/** Rules that are evaluated over the run: what they mean is said in metrics/alerts.ts. `forUs`: how long the condition must have held. */
const rule = z.discriminatedUnion('alert', [
  z.strictObject({ alert: z.literal('unhealthy-backend'), forUs: forUs.default(MINUTE_US) }),
  z.strictObject({
    alert: z.literal('imbalance'),
    forUs: forUs.default(5 * MINUTE_US),
    factor: z.number().min(1).default(2),
    /** Requests sent in the window, below which nothing is said. */
    minimum: z.int().nonnegative().default(100),
  }),
  z.strictObject({ alert: z.literal('errors'), forUs: forUs.default(5 * MINUTE_US), share: share.default(0.01) }),
  z.strictObject({ alert: z.literal('pool-use'), forUs: forUs.default(0), share: share.default(0.9) }),
  z.strictObject({ alert: z.literal('failover'), forUs: forUs.default(0) }),
  z.strictObject({
    alert: z.literal('slow-probes'),
    forUs: forUs.default(MINUTE_US),
    tookUs: positiveUs.default(500_000),
  }),
]);

/** Absent: nobody is alerted. The intervals are Prometheus's default and the customary one for rates. */
export const alerting = z
  .strictObject({
    everyUs: positiveUs.default(15_000_000),
    windowUs: positiveUs.default(MINUTE_US),
    rules: z.array(rule).min(1),
  })
  .optional();
