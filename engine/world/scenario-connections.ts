import { z } from 'zod';
import { count, durationUs, positiveUs } from './scenario-words.ts';

/**
 * The balancer keeps connections to each backend of the pool and sends one request at a time on each. Absent: a request needs no connection.
 * The defaults are nginx's. The classic pool of an application server: `min` 10, `max` 1000, `idle` 1000.
 */
export const connections = z
  .strictObject({
    /** Opened ahead, and kept though idle. */
    min: z.int().nonnegative().default(0),
    /** Together with the backend's `maxConnections` the smaller counts: who finds no free connection waits in the pool's queue, or gets a 503. Absent: no bound. */
    max: count.optional(),
    /** Kept while they carry nothing, for each backend. */
    idle: z.int().nonnegative().default(32),
    idleTimeoutUs: positiveUs.default(60_000_000),
    /** A connection is closed after so many requests. */
    maxRequests: count.default(1000),
    /** A connection is not used again when it is so old. */
    lifetimeUs: positiveUs.default(3_600_000_000),
    /** The backend closes a connection that has been idle for so long. Absent: it leaves that to the balancer. */
    backendIdleTimeoutUs: positiveUs.optional(),
    /** Encrypted to the backend. `cpuUs`: what both ends compute for one handshake; it delays, and keeps no worker busy. */
    tls: z.strictObject({ version: z.enum(['1.2', '1.3']).default('1.3'), cpuUs: durationUs.default(500) }).optional(),
  })
  .optional();

/** Layer 4: which connections the balancer remembers. Absent: all that are open. */
export const connectionTable = z
  .strictObject({
    /** Where there are more, the one that was idle the longest is forgotten. */
    limit: count.default(8_000_000),
    /** A connection that was idle for so long is forgotten; its next request is picked for anew. */
    idleTimeoutUs: positiveUs.default(350_000_000),
    /** A flow of UDP that was quiet for so long is forgotten: nothing else ends one. (AWS and Linux: 120 s, IPVS: 300 s.) */
    udpIdleTimeoutUs: positiveUs.default(120_000_000),
  })
  .optional();

/**
 * Layer 4: `nat` passes the packets of both directions. `dsr` (direct server return) passes the client's, and the backend answers the client itself, over a
 * line as long as the client's to the balancer: the balancer sees no answer, only that the client is done. `proxy` ends the client's connection and opens one of
 * its own to the backend, a round trip before its first request. Absent: nat.
 */
export const layer4Mode = z.enum(['nat', 'dsr', 'proxy']).optional();

/** TLS that ends at a listener: a round trip for each new connection (1.3) or two (1.2), and the time the node computes. */
export const listenerTls = z
  .strictObject({
    version: z.enum(['1.2', '1.3']).default('1.3'),
    cpuUs: durationUs.default(500),
    /** This share of the handshakes resumes a session: less to compute, and with 1.2 a round trip less. No early data. */
    resumed: z.number().min(0).max(1).default(0),
    resumedCpuUs: durationUs.default(50),
  })
  .optional();
