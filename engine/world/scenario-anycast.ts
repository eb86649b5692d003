import { z } from 'zod';
import { durationUs, positiveUs } from './scenario-words.ts';

/** One address that every region announces; the network of each client leads packets to the region that is best by topology. */
export const anycastReach = z.strictObject({
  kind: z.literal('anycast'),
  /** BGP ends a session after so long a silence (RFC 4271 suggests 90 s), and sends keepalives at a third of it. */
  holdUs: positiveUs.default(90_000_000),
  keepaliveUs: positiveUs.default(30_000_000),
  /** Notices a silent death after `multiplier` intervals. Absent: without it. */
  bfd: z
    .strictObject({ intervalUs: positiveUs.default(300_000), multiplier: z.int().positive().default(3) })
    .optional(),
  /** From a change of a route until a client's network acts on it: anything between the two is as likely. */
  convergence: z
    .strictObject({ minUs: durationUs, maxUs: durationUs })
    .refine(({ minUs, maxUs }) => minUs <= maxUs, { path: ['maxUs'], message: 'at least minUs' })
    .prefault({ minUs: 2_000_000, maxUs: 2_000_000 }),
  /** By client: regions in the order of its network's liking. A client that is not named likes the nearest. */
  preferences: z.record(z.string(), z.array(z.string()).min(1)).default({}),
});

export type AnycastReach = z.output<typeof anycastReach>;
