import { z } from 'zod';
import { distribution } from './scenario-distribution.ts';
import { count, id, positiveUs } from './scenario-words.ts';

/** What servers have beside workers and a queue. */

/** How a session lives, wherever it is kept. */
const life = {
  /** It ends when it has not been used for so long. Absent: never. (Tomcat: 30 minutes.) */
  idleTimeoutUs: positiveUs.optional(),
  /** So many fit; one more pushes out the one that was used longest ago. Absent: no bound. */
  capacity: count.optional(),
};

export const sessions = z.discriminatedUnion('kept', [
  /** In the memory of the backend that served the login: gone when it crashes. */
  z.strictObject({ kept: z.literal('memory'), ...life }),
  /** There, and copied to so many others of the pool; absent: to all. A backend that comes back takes what the others have. */
  z.strictObject({
    kept: z.literal('replicated'),
    ...life,
    copies: count.optional(),
    /** A copy can be used so long after the login. */
    lagUs: z.int().nonnegative().default(0),
  }),
  /** In a store that all backends ask, a network away. */
  z.strictObject({
    kept: z.literal('external'),
    ...life,
    /** What `break-dependency` knows it by. */
    store: id.default('session-store'),
    latency: distribution.prefault({ kind: 'uniform', minUs: 500, maxUs: 1_000 }),
    /** A request waits so long for a store that is broken, then it fails with a 500. */
    timeoutUs: positiveUs.default(1_000_000),
    /** Are the sessions still there when the store has been mended? */
    persistent: z.boolean().default(true),
  }),
  /** In a signed token that the client carries: nobody holds anything. */
  z.strictObject({ kept: z.literal('token') }),
]);

export type SessionSettings = z.output<typeof sessions>;

const miss = {
  /** What a request that misses takes beyond its work. */
  miss: distribution,
};

const cache = z.discriminatedUnion('warms', [
  /** With the requests it has served since it started: 63 % of the way after `warmRequests`. */
  z
    .strictObject({
      warms: z.literal('curve'),
      warmRequests: count,
      /** The share of requests that miss at the start, and in the end. */
      coldMissRatio: z.number().min(0).max(1).default(1),
      warmMissRatio: z.number().min(0).max(1).default(0.1),
      ...miss,
    })
    .refine(({ coldMissRatio, warmMissRatio }) => warmMissRatio <= coldMissRatio, {
      path: ['warmMissRatio'],
      message: 'at most coldMissRatio',
    }),
  /** With the paths that are asked for: so many fit, and the least recently used is dropped. */
  z.strictObject({ warms: z.literal('keys'), capacity: count, ...miss }),
]);

export type CacheSettings = z.output<typeof cache>;

const collector = z.discriminatedUnion('after', [
  /** Counted from the end of the last pause. */
  z.strictObject({ after: z.literal('time'), every: distribution, pause: distribution }),
  /** When what requests have allocated fills the heap. */
  z.strictObject({
    after: z.literal('allocation'),
    bytesPerRequest: count,
    heapBytes: count,
    pause: distribution,
  }),
]);

export type CollectorSettings = z.output<typeof collector>;

/** What a backend may have, beside what every backend has. */
export const machine = {
  /** Absent: every request takes what its work takes. */
  cache: cache.optional(),
  /** Pauses in which the machine does nothing. Absent: none. */
  collector: collector.optional(),
  /**
   * It holds `max` connections, its kernel `backlog` more until they are accepted (Linux: 4,096 at most unless set otherwise; nginx asks for 511); one more is
   * refused. Absent: no bound.
   */
  connectionLimit: z.strictObject({ max: count, backlog: z.int().nonnegative().default(511) }).optional(),
};

/** What backends share. Those that name it in `dependsOn` ask it once for each request, when their own work is done and before they answer. */
export const dependency = z.strictObject({
  id,
  workers: count.default(1),
  /** Calls that may wait; one more is refused. Absent: no bound. */
  queueLimit: z.int().nonnegative().optional(),
  service: distribution,
  /** Who called gives up after so long, and its request fails with a 500. Absent: it waits for ever. */
  timeoutUs: positiveUs.optional(),
});

export type DependencySettings = z.output<typeof dependency>;
