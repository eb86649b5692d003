import { z } from 'zod';

const SECOND_US = 1_000_000;
const windowUs = z.int().positive();

/** How backends of a pool start that come back, or join later: with a part of their weight that grows to all of it over the window. */
export const slowStart = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('envoy'),
    windowUs,
    /** 1, the default: in step with time; above 1 faster at first. */
    aggression: z.number().positive().optional(),
    /** The least part. 0.1 unless given. */
    minimum: z.number().min(0).max(1).optional(),
  }),
  z.strictObject({
    kind: z.literal('haproxy'),
    windowUs: windowUs.min(SECOND_US, 'a second or more: HAProxy counts whole seconds'),
  }),
  z.strictObject({ kind: z.literal('linear'), windowUs }),
]);
