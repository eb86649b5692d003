import { z } from 'zod';
import { id, policy, positiveUs } from './scenario-words.ts';

/** How a router spreads flows over its next hops. */
export const ecmpWords = {
  hashing: z.enum(['modulo', 'hash-threshold', 'resilient']).default('hash-threshold'),
  /** Of the resilient table. */
  buckets: z.int().min(1).max(65_536).default(128),
  /** How long the router goes on sending to a node that has died. (BFD: three packets missed, 300 ms apart.) */
  detectUs: z.int().nonnegative().default(900_000),
};

/** A router spreads flows over layer 4 nodes, each of which leads a flow to one of the tier's nodes; answers go past them (as in Katran, GLB and Maglev). */
export const layer4Reach = z.strictObject({
  kind: z.literal('layer-4'),
  ...ecmpWords,
  /** The layer 4 nodes. The timeline can kill, stop and start them by these ids. */
  nodes: z.array(z.strictObject({ id, count: z.int().min(1).max(1000).default(1) })).min(1),
  /** How each of them finds the node of a flow. */
  flowTable: policy.prefault({ name: 'maglev-with-table' }),
  /** Each of them checks each node, with a phase of its own. (HAProxy: every 2 s, three failures, two successes.) */
  check: z
    .strictObject({
      intervalUs: positiveUs.default(2_000_000),
      fall: z.int().positive().default(3),
      rise: z.int().positive().default(2),
    })
    .prefault({}),
});

export type Layer4Reach = z.output<typeof layer4Reach>;
export type EcmpWords = Pick<Layer4Reach, 'hashing' | 'buckets'>;
