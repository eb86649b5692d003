import { z } from 'zod';
import { distribution } from './scenario-distribution.ts';
import { positiveUs } from './scenario-words.ts';

/** What may lie between two parties beyond the way that all requests have in common. */

/** All clients or one, all balancers or one, all backends or one, or whatever stands in a zone. */
const party = z
  .string()
  .regex(
    /^(clients|balancers|backends|(client|balancer|backend):[a-z0-9][a-z0-9-]*|zone:.+)$/,
    '"clients", "balancers", "backends", or one of them as "client:web", "balancer:lb1", "backend:s1", or "zone:a"',
  );

export const between = z.tuple([party, party]);

/** Absent: it holds for both directions; true: only from the first party to the second. */
const oneWay = z.boolean().default(false);

const link = z.strictObject({
  between,
  oneWay,
  /** Added to the one-way time of the network; its spread is the jitter. Absent: nothing. */
  latency: distribution.optional(),
  /** The share of messages that are lost, and sent again by TCP after 1 s, 2 s, 4 s and so on; a health check that is lost fails. */
  loss: z.number().min(0).max(1).default(0),
  /** Bits per second, in each direction, for all that goes over the link together. Absent: no bound. */
  bandwidthBps: z.number().positive().optional(),
});

/** All links that hold for a message hold together: times add up, and each may lose it. */
export const links = z.array(link).default([]);

export type Link = z.output<typeof link>;

const at = { atUs: z.int().nonnegative() };
const forAWhile = { durationUs: positiveUs.optional() };

export const networkFaults = [
  /** Nothing comes through between the two, or with `oneWay` nothing from the first to the second. Absent duration: until it is healed. */
  z.strictObject({ do: z.literal('partition'), ...at, between, oneWay, ...forAWhile }),
  /** Ends what partitions and losses the timeline has laid between the two, named in the same order. */
  z.strictObject({ do: z.literal('heal'), ...at, between }),
  /** This share of the messages is lost. Absent duration: until it is healed. */
  z.strictObject({
    do: z.literal('lose-packets'),
    ...at,
    between,
    oneWay,
    share: z.number().min(0).max(1),
    ...forAWhile,
  }),
] as const;
