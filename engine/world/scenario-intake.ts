import { z } from 'zod';
import { count, durationUs, id, positiveUs } from './scenario-words.ts';

/** What each node has for connections that clients open, where it ends them: layer 7, or layer 4 as a proxy. Absent: room for all. */
export const intake = z
  .strictObject({
    /** Connections whose handshake is not over. Absent: no bound. */
    halfOpen: z
      .strictObject({
        /** So many fit. (nginx listens with 511; Linux allows 4,096 at most unless told otherwise.) */
        places: count.default(511),
        /** One that nobody finishes is kept for so long. (Linux: answered five times again, 63 s.) */
        keptUs: positiveUs.default(63_000_000),
        /** When all are taken a SYN is answered without keeping anything, and what has to be remembered is in the answer. (Linux: on.) */
        cookies: z.boolean().default(true),
      })
      .optional(),
    /** Connections open at once; one more is closed at once. Absent: no bound. (nginx: 512 for each worker.) */
    maxConnections: count.optional(),
    /** Who has not sent the headers of a request after so long is cut off; null: nobody is. (nginx: 60 s; HAProxy: never, unless told.) */
    headerTimeoutUs: positiveUs.nullable().default(60_000_000),
  })
  .optional();

export type IntakeSettings = NonNullable<z.output<typeof intake>>;

const attack = { atUs: durationUs, durationUs: positiveUs, balancer: id.optional() };

/** Attacks on what a node has for connections: on the node named, or on each node of the tier. */
export const attacks = [
  /** So many SYNs a second (of a Poisson process), together, from addresses that never answer. */
  z.strictObject({ do: z.literal('syn-flood'), ...attack, rateRps: z.number().positive() }),
  /** Somebody holds so many connections at each node, whose requests' headers never end; what is cut off is opened again in the next round. (slowloris: 15 s.) */
  z.strictObject({
    do: z.literal('slow-loris'),
    ...attack,
    connections: count,
    everyUs: positiveUs.default(15_000_000),
  }),
] as const;
