import { z } from 'zod';

/** The parts of a scenario that say who may be picked. */

const share = z.number().min(0).max(1);
const metadata = z.record(z.string(), z.string());
const fallback = z.enum(['none', 'any', 'default']);

/** Of a backend. */
export const role = {
  /** Requests it may have in flight from this balancer; one more goes elsewhere. Absent: no bound. */
  maxConnections: z.int().positive().optional(),
  /** Its priority level; 0, the default, is asked first. */
  priority: z.int().nonnegative().optional(),
  /** It serves only when no other backend can. */
  backup: z.boolean().optional(),
  /** What subsets are told apart by. */
  metadata: metadata.optional(),
};

const locality = z.discriminatedUnion('kind', [
  /** Zones get shares by weight, less if too few of their backends are healthy. A zone that is not named weighs 1. */
  z.strictObject({ kind: z.literal('weighted'), weights: z.record(z.string(), z.number().nonnegative()) }),
  /** Requests stay in the balancer's zone as far as that leaves all backends equal loads. */
  z.strictObject({
    kind: z.literal('zone-aware'),
    /** The balancer's own. */
    zone: z.string(),
    /** How many balancers there are in each zone. */
    balancers: z.record(z.string(), z.int().nonnegative()),
    /** With fewer healthy backends zones do not count. */
    minimumHosts: z.int().positive().default(6),
  }),
]);

const subsets = z.strictObject({
  /** What a request asks for: key of metadata -> the header that carries the value. */
  criteria: metadata,
  selectors: z.array(z.strictObject({ keys: z.array(z.string()).min(1), fallback: fallback.optional() })).min(1),
  fallback: fallback.default('none'),
  /** What the backends of the default subset have. */
  default: metadata.optional(),
});

/** Of a pool. */
export const eligibility = {
  eligibility: z
    .strictObject({
      /** A level serves all its share as long as 1 / this of it is healthy. */
      overprovisioning: z.number().min(1).default(1.4),
      /** With a smaller share of a level healthy, its requests go to all its backends. 0: never; Envoy's default is 0.5. */
      panicThreshold: share.default(0),
      /** The same with fewer healthy backends than this. 0: never; AWS has 1. */
      failOpenBelow: z.int().nonnegative().default(0),
      /** `first`: only the first healthy backup (HAProxy). `all`: all of them (allbackups). `spill`: all, also when the others are full or have failed (nginx). */
      backups: z.enum(['first', 'all', 'spill']).default('first'),
      locality: locality.optional(),
      subsets: subsets.optional(),
    })
    .optional(),
};
