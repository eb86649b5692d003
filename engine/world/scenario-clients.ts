import { z } from 'zod';
import { arrivals } from './scenario-arrivals.ts';
import { distribution } from './scenario-distribution.ts';
import { retry } from './scenario-resilience.ts';
import { asking } from './scenario-dns.ts';
import { place } from './scenario-places.ts';
import { id, positiveUs } from './scenario-words.ts';

const requestClass = z.strictObject({
  name: id.default('default'),
  /** Relative share of this client's requests. */
  share: z.number().positive().default(1),
  method: z.string().default('GET'),
  host: z.string().default('example.test'),
  /** `{key}` in the path, or in a header, stands for a key of each request's own: see `keys`. */
  path: z.string().startsWith('/').default('/'),
  /** Names in lower case. */
  headers: z.record(z.string().regex(/^[!-9;-@[-~]+$/, 'a header name in lower case'), z.string()).default({}),
  /** There are so many keys, asked for evenly, or the k-th in proportion to k^-zipf. */
  keys: z.strictObject({ count: z.int().min(1).max(1_000_000), zipf: z.number().min(0).max(10).optional() }).optional(),
  /** Its work is so many times that of its service time. */
  cost: z.number().positive().default(1),
  /** It stays: a WebSocket after its 101, a gRPC stream. Its service time is that of the handshake; then it is in flight for so long and keeps no worker. */
  stream: z.strictObject({ lasts: distribution }).optional(),
  requestBytes: z.int().nonnegative().default(0),
  responseBytes: z.int().nonnegative().default(0),
});

/** Who sends requests: an open loop, or people who wait for their answers. */
export const client = z.strictObject({
  id,
  arrivals,
  requests: z.array(requestClass).min(1).prefault([{}]),
  /**
   * `udp`: requests and answers are datagrams. Nobody opens or closes a flow, what is lost stays lost, and a machine that is down says nothing, so `timeoutUs` is needed. A flow is a
   * 5-tuple: each of its `connections` is a socket with a port of its own; absent: each request has a new port, as a resolver's have. Layer 4, mode "nat".
   */
  transport: z.enum(['tcp', 'udp']).default('tcp'),
  /** The port of the listener it goes to. Absent: 80. */
  port: z.int().min(1).max(65_535).optional(),
  /** Requests take turns on this many long-lived connections. Absent: each request opens its own. */
  connections: z.int().positive().optional(),
  /** What its long-lived connections may carry before the balancer closes them. Absent: they stay. (nginx: 1000 requests, 75 s.) */
  keepAlive: z
    .strictObject({
      maxRequests: z.int().positive().default(1000),
      /** Between the beginnings of two requests. */
      idleTimeoutUs: positiveUs.optional(),
    })
    .optional(),
  /** It waits a round trip of TCP for each connection it opens. */
  tcpHandshake: z.boolean().default(false),
  /** This share of its users sits behind one address (NAT): that of the first user. */
  behindNat: z.number().min(0).max(1).default(0),
  /**
   * Its users log in: who has no session sends the request class `login` and nothing else, and a good answer to it sets the application's cookie. After a 401 they
   * log in again. Absent: requests need no session.
   */
  session: z.strictObject({ login: id, cookie: z.string().min(1).default('JSESSIONID') }).optional(),
  /** People it stands for: each request is one of theirs, each has an address and keeps the cookies it gets. */
  users: z.int().min(1).max(1_000_000).default(1),
  place,
  ...asking,
  /** The client gives up after this long. Absent: it waits for ever. */
  timeoutUs: positiveUs.optional(),
  /** The client tries again by itself, each time with a new request on the wire; what its user wanted counts once. `timeout` is its own. Absent: it does not. */
  retry: retry.omit({ redispatch: true }).optional(),
});
