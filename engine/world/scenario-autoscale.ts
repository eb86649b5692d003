import { z } from 'zod';
import { durationUs, policy, positiveUs } from './scenario-words.ts';

/** A control loop. The defaults are those of Kubernetes: a look every 15 s, a tolerance of a tenth, five minutes before it shrinks, 30 s to finish. */
const loop = {
  policy: policy.prefault({ name: 'target-tracking' }),
  minimum: z.int().min(1).max(10_000).default(1),
  maximum: z.int().min(1).max(10_000),
  everyUs: positiveUs.default(15_000_000),
  /** How often the metric is looked at in between; the policy gets the mean. */
  sampleUs: positiveUs.default(1_000_000),
  /** From the order until the new one takes requests: a machine, an image, a process, the first passed check. */
  startUs: durationUs.default(60_000_000),
  /** So long after that its metric does not count. */
  warmUpUs: durationUs.default(0),
  /** After it has added, or taken out, it does not do so again for so long. (AWS: 300 s both ways.) */
  cooldown: z.strictObject({ outUs: durationUs.default(0), inUs: durationUs.default(0) }).prefault({}),
  /** Who is taken out may finish for so long. */
  drainUs: positiveUs.default(30_000_000),
};

/** Adds backends to a pool, like its first one, and takes them out again. */
export const autoscale = z
  .strictObject({
    ...loop,
    /** The mean over its members of: the busy share of their workers (0 to 1), requests in flight there, or requests a second. */
    metric: z.enum(['utilisation', 'in-flight', 'rate']).default('utilisation'),
  })
  .optional();

/** Starts nodes of a tier that are not in service, the first one first, and stops the newest again. */
export const tierAutoscale = z
  .strictObject({
    ...loop,
    /** The mean over its nodes of: requests a second that they took, or requests in flight at backends. */
    metric: z.enum(['rate', 'in-flight']).default('rate'),
  })
  .optional();

export type AutoscaleSpec = NonNullable<z.output<typeof autoscale>>;
export type TierAutoscaleSpec = NonNullable<z.output<typeof tierAutoscale>>;
