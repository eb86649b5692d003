import { z } from 'zod';
import { routingSchema } from './routing-schema.ts';
import { alerting } from './scenario-alerts.ts';
import { client } from './scenario-clients.ts';
import { connections, connectionTable, layer4Mode, listenerTls } from './scenario-connections.ts';
import { distribution } from './scenario-distribution.ts';
import { eligibility, role } from './scenario-eligibility.ts';
import { faults } from './scenario-faults.ts';
import { attacks, intake } from './scenario-intake.ts';
import { links, networkFaults } from './scenario-network.ts';
import { resilience } from './scenario-resilience.ts';
import { dependency, machine, sessions } from './scenario-servers.ts';
import { slowStart } from './scenario-slow-start.ts';
import { autoscale } from './scenario-autoscale.ts';
import { regionActions } from './scenario-regions.ts';
import { tier, tierActions } from './scenario-tier.ts';
import { durationUs, id, policy, positiveUs } from './scenario-words.ts';

/**
 * A scenario is a whole world as data: clients, balancer, pools, timeline. A lesson's figure, a kata's hidden test, a set-up of the lab and
 * a permalink are all this document. Durations are whole microseconds, rates are per second.
 */

const backend = z.strictObject({
  id,
  /** 0: only who is bound to it comes. */
  weight: z.number().nonnegative().default(1),
  ...role,
  zone: z.string().default('a'),
  /** Of a tier that has several. Absent: none of them. */
  region: z.string().optional(),
  /** Requests served at the same time. */
  workers: z.int().positive().default(1),
  /** Requests that may wait for a worker; one more is rejected with a 503. Absent: no bound. */
  queueLimit: z.int().nonnegative().optional(),
  /** Time one worker needs for one request, by request class; `default` stands for all classes not named. */
  service: z
    .record(id, distribution)
    .refine((classes) => 'default' in classes, 'a service time for the class "default"'),
  /** Time that each attempt takes there beyond the work of the request, for reasons of the machine: another attempt draws anew. Absent: none. */
  pause: distribution.optional(),
  /** 2 halves every service time. */
  speed: z.number().positive().default(1),
  ...machine,
  /** Names of what it cannot work without. Readiness and gRPC checks fail while one of them is broken. */
  dependsOn: z.array(id).default([]),
  /** What the control plane tells about it; a run does not depend on it. Absent: made up from its place. */
  registration: z
    .strictObject({
      host: z.string(),
      port: z.int().min(1).max(65_535),
      healthCheckPath: z.string().startsWith('/'),
    })
    .optional(),
});

const health = z.strictObject({
  /**
   * `tcp`: a connection. `http`: an answer. `readiness`: an answer that vouches for the backend's dependencies as well. `deep`: one for which the backend
   * really asks them: it costs, and waits, as a request there does. `grpc`: as readiness, by gRPC's health protocol.
   */
  check: z.enum(['tcp', 'http', 'readiness', 'deep', 'grpc']).default('http'),
  intervalUs: positiveUs.default(2_000_000),
  /** While results contradict what is believed. Absent: the interval. */
  fastIntervalUs: positiveUs.optional(),
  /** While the backend is out. Absent: the interval. */
  downIntervalUs: positiveUs.optional(),
  /** Until the pool gets its first request. Absent: the interval. */
  noTrafficIntervalUs: positiveUs.optional(),
  /** Each interval is longer or shorter by up to this share of itself. */
  jitter: z.number().min(0).max(0.5).optional(),
  timeoutUs: positiveUs.default(1_000_000),
  /** `fixed`: probes start every interval. `after-result`: an interval after the last result (HAProxy, Envoy). */
  schedule: z.enum(['fixed', 'after-result']).default('fixed'),
  /** HTTP statuses that pass, as ranges: [[200, 299], [304, 304]]. Absent: 200 to 399. */
  accept: z
    .array(z.tuple([z.int().min(100).max(599), z.int().min(100).max(599)]))
    .min(1)
    .optional(),
  /** Text that the body of the answer must contain. */
  expectBody: z.string().min(1).optional(),
  policy: policy.prefault({ name: 'thresholds' }),
});

/** Each backend's agent is asked what it thinks of itself, beside any health check. */
const agent = z.strictObject({
  intervalUs: positiveUs.default(2_000_000),
  timeoutUs: positiveUs.default(1_000_000),
});

const pool = z.strictObject({
  id: id.default('default'),
  picker: policy,
  health: health.optional(),
  outlier: policy.optional(),
  ...eligibility,
  /** Absent: who comes back has its whole share at once. */
  slowStart: slowStart.optional(),
  agent: agent.optional(),
  ...resilience,
  connections,
  /** Keeps clients on their backends. */
  affinity: policy.optional(),
  /** Where its backends keep what they know of a session. Absent: they need to know nothing. */
  sessions: sessions.optional(),
  /** Those by `backend` stand behind the pick. */
  rateLimits: z.array(policy).default([]),
  backends: z.array(backend).min(1),
  /** Absent: it has the backends it has. */
  autoscale,
});

const at = { atUs: durationUs };
const on = { ...at, backend: id };

/**
 * What happens to the world at a moment, after everything else of that microsecond; also the commands of a person at the controls.
 * `crash`, `hang`, `slow` and `recover` each put the machine into that state, whatever it was in before.
 */
const action = z.discriminatedUnion('do', [
  /** Connections are refused; requests being served are lost. */
  z.strictObject({ do: z.literal('crash'), ...on }),
  /** Connections are accepted and nothing is answered any more. */
  z.strictObject({ do: z.literal('hang'), ...on }),
  /** Work takes `factor` times as long from now on, also the rest of what is being served. */
  z.strictObject({ do: z.literal('slow'), ...on, factor: z.number().min(1) }),
  /** The machine is up and its software is broken: this share of the requests gets an error status at once; 0: the connection is closed without a word. */
  z.strictObject({
    do: z.literal('fail'),
    ...on,
    status: z.union([z.literal(0), z.int().min(500).max(599)]).default(503),
    share: z.number().min(0).max(1).default(1),
    /** A worker takes so long over it. 0: it fails at the door, before any queue. */
    afterUs: durationUs.default(0),
  }),
  /** Ends crash, hang, slow and fail. */
  z.strictObject({ do: z.literal('recover'), ...on }),
  z.strictObject({ do: z.literal('set-weight'), ...on, weight: z.number().nonnegative() }),
  /** null: no bound. */
  z.strictObject({ do: z.literal('set-max-connections'), ...on, maxConnections: z.int().positive().nullable() }),
  /** No new clients; what is in flight finishes, and who is bound to it still comes. `undrain` ends it. After `timeoutUs` what is left is cut off. */
  z.strictObject({ do: z.literal('drain'), ...on, timeoutUs: positiveUs.optional() }),
  z.strictObject({ do: z.literal('undrain'), ...on }),
  /** Out of service: nobody comes, also not who is bound to it; what is in flight finishes. `enable` ends it. (HAProxy: maint; nginx: down.) */
  z.strictObject({ do: z.literal('disable'), ...on }),
  z.strictObject({ do: z.literal('enable'), ...on }),
  z.strictObject({ do: z.literal('add-backend'), ...at, pool: id.default('default'), backend }),
  /** It leaves its pool for good. What is in flight there may finish; with `force` its connections are cut. */
  z.strictObject({ do: z.literal('remove-backend'), ...on, force: z.boolean().default(false) }),
  /** What it answers to health checks from now on. */
  z.strictObject({
    do: z.literal('answer-checks'),
    ...on,
    status: z.int().min(100).max(599).default(200),
    body: z.string().default('ok'),
  }),
  /** What its agent says from now on, for example "up 50%"; null: the agent cannot be reached. */
  z.strictObject({ do: z.literal('agent-says'), ...on, reply: z.string().nullable() }),
  /** Backends that depend on it are no longer ready. */
  z.strictObject({ do: z.literal('break-dependency'), ...at, dependency: id }),
  z.strictObject({ do: z.literal('mend-dependency'), ...at, dependency: id }),
  /** The control plane changed how requests find their backends: this is all of it from now on. */
  z.strictObject({ do: z.literal('configure'), ...at, routing: routingSchema }),
  /** The client's requests arrive at this rate from now on; 0 stops them. */
  z.strictObject({ do: z.literal('set-rate'), ...at, client: id, rateRps: z.number().nonnegative() }),
  ...faults,
  ...networkFaults,
  ...attacks,
  ...tierActions,
  ...regionActions,
]);

const named = z.record(z.string(), z.string());

/** What tells parties apart: where limits are counted and splits kept. */
const by = z.strictObject({
  by: z.enum(['address', 'client', 'connection', 'host', 'path', 'header', 'query', 'cookie']),
  name: z.string().optional(),
});

/** All conditions that are given must hold. One of `pool`, `split`, `redirect` and `reply` says where it leads. */
const route = z.strictObject({
  /** For messages and metrics. */
  id: id.optional(),
  /** Routes with one are asked first, the smallest number before the others; the rest by how exact they are. */
  priority: z.int().positive().optional(),
  /** The port of a listener. */
  port: z.int().min(1).max(65_535).optional(),
  /** A name, or `*.` and the end of one. */
  host: z.string().optional(),
  path: z.string().startsWith('/').optional(),
  pathPrefix: z.string().startsWith('/').optional(),
  /** A regular expression for the whole path. */
  pathPattern: z.string().optional(),
  methods: z.array(z.string()).min(1).optional(),
  /** Of these three, `*` means: whatever its value. */
  headers: named.optional(),
  query: named.optional(),
  cookies: named.optional(),
  /** An IPv4 address or block: 198.51.100.0/24. */
  source: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,3}){3}(\/([12]?\d|3[0-2]))?$/, 'an IPv4 address or block such as 198.51.100.0/24')
    .optional(),
  pool: id.optional(),
  split: z
    .array(z.strictObject({ pool: id, weight: z.number().positive() }))
    .min(1)
    .optional(),
  /** Who has the same key stays on the same side. Absent: drawn for each request. */
  splitBy: by.optional(),
  redirect: z
    .strictObject({
      status: z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)]).default(302),
      /** `{host}`, `{path}` and `{query}` stand for those of the request. */
      location: z.string(),
    })
    .optional(),
  reply: z
    .strictObject({ status: z.int().min(200).max(599), headers: named.optional(), body: z.string().optional() })
    .optional(),
  rewrite: z
    .strictObject({
      host: z.string().optional(),
      /** In the place of what `path` or `pathPrefix` matched. */
      path: z.string().startsWith('/').optional(),
      setHeaders: named.optional(),
      removeHeaders: z.array(z.string()).optional(),
    })
    .optional(),
  rateLimits: z.array(policy).default([]),
});

const listener = z.strictObject({
  id,
  protocol: z.enum(['tcp', 'udp', 'http', 'https']),
  port: z.int().min(1).max(65_535),
  /** The names it answers to (SNI), exact or `*.` and the end of one. Empty: all. */
  names: z.array(z.string()).default([]),
  /** HTTPS: what opening a connection there costs. Absent: nothing. */
  tls: listenerTls,
  /** Takes what no route sends elsewhere. Absent: the first pool. */
  pool: id.optional(),
});

export const scenarioSchema = z.strictObject({
  version: z.literal(1).default(1),
  name: id,
  title: z.string().min(1),
  /** One sentence: what this world shows. */
  shows: z.string().min(1),
  durationUs: positiveUs,
  seed: z.int().nonnegative().max(0xffffffff).default(1),
  clients: z.array(client).min(1),
  /** One-way times, and what lies between some parties beyond them. */
  network: z.strictObject({ clientToBalancer: distribution, balancerToBackend: distribution, links }).prefault({
    clientToBalancer: { kind: 'constant', valueUs: 0 },
    balancerToBackend: { kind: 'constant', valueUs: 0 },
  }),
  balancer: z
    .strictObject({
      /** 4: one pick per connection, blind to paths. 7: one pick per request. */
      layer: z.union([z.literal(4), z.literal(7)]).default(7),
      mode: layer4Mode,
      connectionTable,
      intake,
      /** Absent: one for everything, on `layer`. TCP and UDP are layer 4, HTTP and HTTPS layer 7. */
      listeners: z.array(listener).default([]),
      /** The most exact that matches wins; no match goes to the pool of the listener, or to the first. Needs layer 7. */
      routes: z.array(route).default([]),
      /** Limits on all requests, before routing; those of a route and of a pool come after it. */
      rateLimits: z.array(policy).default([]),
      /** The balancer answers 504 when a backend takes longer. Absent: it waits for ever. */
      timeoutUs: positiveUs.optional(),
    })
    .prefault({}),
  pools: z.array(pool).min(1),
  /** What backends share. A name in `dependsOn` that is not here is no more than a switch. */
  dependencies: z.array(dependency).default([]),
  /** Several balancers, each with the settings above. Absent: one. */
  tier: tier.optional(),
  timeline: z.array(action).default([]),
  alerts: alerting,
});

export type Scenario = z.output<typeof scenarioSchema>;
/** A scenario as its author writes it: what has a default may be left out. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type Action = z.output<typeof action>;
export type { Distribution } from './scenario-distribution.ts';
