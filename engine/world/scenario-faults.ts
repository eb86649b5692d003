import { z } from 'zod';
import { durationUs, id, positiveUs } from './scenario-words.ts';

/**
 * Faults of more than one step: one entry of the timeline, carried out as the steps that expand-fault.ts makes of it. The first step happens at `atUs`.
 */

const share = z.number().min(0).max(1);
const at = { atUs: durationUs };
const on = { ...at, backend: id };
const status = z.union([z.literal(0), z.int().min(500).max(599)]);

/** How a version that is deployed behaves; absent: as the one before. */
const version = z.strictObject({
  /** This share of its requests gets an error. */
  errorShare: share.default(0),
  status: status.default(500),
  /** Work takes so many times as long. */
  slowFactor: z.number().min(1).default(1),
});

const rollback = {
  version: version.optional(),
  /** Somebody notices, so long after the beginning, and the version before comes back. Absent: nobody does. */
  rollbackAfterUs: positiveUs.optional(),
};

const deploy = z.discriminatedUnion('strategy', [
  /** Batch after batch of the pool is drained, restarted and put back. */
  z.strictObject({
    strategy: z.literal('rolling'),
    pool: id.default('default'),
    batch: z.int().positive().default(1),
    /** Between the start of the drain and the end of the process. 0: it ends at once, with what it is serving. (Kubernetes: 30 s.) */
    drainUs: durationUs.default(0),
    restartUs: positiveUs.default(5_000_000),
    /** From the return of a batch to the next one. (Kubernetes: minReadySeconds.) */
    settleUs: durationUs.default(0),
    ...rollback,
  }),
  /** `to` is enabled, and `from` drained and kept for a way back. Disable `to` before. */
  z.strictObject({
    strategy: z.literal('blue-green'),
    from: z.array(id).min(1),
    to: z.array(id).min(1),
    ...rollback,
  }),
  /** Some backends of one pool get the version, and these shares of the pool's weight in turn; then all get it. */
  z.strictObject({
    strategy: z.literal('canary'),
    backends: z.array(id).min(1),
    shares: z.array(z.number().gt(0).lt(1)).min(1).default([0.05, 0.25, 0.5]),
    stepUs: positiveUs,
    ...rollback,
  }),
]);

export const faults = [
  /** The machine stands still for a while, as in a pause of its garbage collector: what it serves ends as much later. */
  z.strictObject({ do: z.literal('pause'), ...on, durationUs: positiveUs }),
  /** Its workers begin nothing for a while, and finish what they have begun. */
  z.strictObject({ do: z.literal('stall'), ...on, durationUs: positiveUs }),
  /** A pause of `pauseUs` every `everyUs`. */
  z.strictObject({
    do: z.literal('gc-storm'),
    ...on,
    everyUs: positiveUs,
    pauseUs: positiveUs,
    durationUs: positiveUs,
  }),
  /** It crashes and comes back, `times` times. */
  z.strictObject({
    do: z.literal('flap'),
    ...on,
    downUs: positiveUs,
    upUs: positiveUs,
    times: z.int().min(1).max(1_000).default(5),
  }),
  /** As `fail`, for a while. */
  z.strictObject({
    do: z.literal('error-burst'),
    ...on,
    share: share.default(1),
    status: status.default(500),
    afterUs: durationUs.default(0),
    durationUs: positiveUs,
  }),
  /** All backends of the zone crash, and the machines of a tier's nodes there die. Absent duration: for good. */
  z.strictObject({ do: z.literal('lose-zone'), ...at, zone: z.string(), durationUs: positiveUs.optional() }),
  /** The client sends `factor` times as much for a while. */
  z.strictObject({ do: z.literal('surge'), ...at, client: id, factor: z.number().positive(), durationUs: positiveUs }),
  /** Calls that begin there meanwhile take `factor` times as long. Absent duration: until it is mended. */
  z.strictObject({
    do: z.literal('slow-dependency'),
    ...at,
    dependency: id,
    factor: z.number().min(1),
    durationUs: positiveUs.optional(),
  }),
  /** Changes of configuration are lost for a while; the data plane goes on with what it has. */
  z.strictObject({
    do: z.literal('lose-control-plane'),
    ...at,
    durationUs: positiveUs,
    /** `goes-on`: the balancer checks by itself (HAProxy, Envoy). `frozen`: results come by way of the control plane, and the last ones stay. */
    health: z.enum(['goes-on', 'frozen']).default('goes-on'),
  }),
  z.strictObject({ do: z.literal('deploy'), ...at, deploy }),
] as const;

export type Deploy = z.output<typeof deploy>;
export type Version = z.output<typeof version>;
