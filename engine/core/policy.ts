/**
 * Every decision a balancer makes is taken by a policy. This page holds their contracts, each clause once.
 *
 * The engine owns state, time, counting, probing, ejecting and draining; a policy only decides. What holds for all of them:
 * - A policy is a plain object made by a factory: `export default (options) => ({ pick … })`. It keeps its own state in the closure.
 * - It is called synchronously and answers at once; it never returns a promise.
 * - `ctx` is its only source of time and randomness. The same calls in the same order get the same answers.
 * - Views (`Backend`, `Request`) are read-only and live: a getter tells the engine's count at the moment of the call.
 *   One backend, and one request, is the same object for its whole life, so it can be the key of a Map.
 * - Times are whole microseconds and end in `Us`; a latency is a difference of two such times.
 */

/** A stream of random numbers that belongs to one policy. Equal seeds give equal streams on every machine. */
export interface Rng {
  /** The next number, uniform on [0, 1), a multiple of 2^-53. */
  float(): number;
  /** A whole number, uniform on 0 … bound - 1 without bias. `bound` is a whole number from 1 to 2^32. */
  int(bound: number): number;
}

/** What a policy may know beside its arguments, and nothing else. */
export interface Context {
  /** Simulated time, whole microseconds since the start of the run. */
  readonly nowUs: number;
  /** The policy's own stream of random numbers: what others draw moves nothing here. */
  readonly rng: Rng;
}

/** One server of a pool, as the balancer sees it. (nginx: upstream server, HAProxy: server, Envoy: host.) */
export interface Backend {
  /** Its name in the scenario, for example "s1". */
  readonly id: string;
  /** Relative share of traffic, above 0 for who may be picked; 1 unless configured. It may change while running. */
  readonly weight: number;
  /** Requests sent there by this balancer and not yet ended. Counted by the engine. */
  readonly inFlight: number;
  /** The availability zone it stands in, "a" unless the scenario names another. */
  readonly zone: string;
  /** Where it listens, for example "10.0.1.1:8080". nginx hashes this text, so it says where the backend's keys go. */
  readonly address: string;
  /** Counts from 1 in the order of the configuration, unless that gives it another. HAProxy hashes this number (`id`). */
  readonly number: number;
  /** Requests it may have in flight; Infinity: no bound. */
  readonly maxConnections: number;
  /** `inFlight` has reached `maxConnections`. */
  readonly full: boolean;
}

/** What a backend says of itself, in a response or when it is probed for its load. */
export interface LoadReport {
  /** Requests it has accepted and not yet answered, from all balancers. (Prequal: RIF.) */
  readonly inFlight: number;
  /** What a request takes there now, by its own estimate. */
  readonly latencyUs: number;
  /** Busy share of its workers, 0 to 1. */
  readonly utilisation: number;
  /** Responses a second, errors included. */
  readonly rateRps: number;
  /** Of these, the errors a second. */
  readonly errorsRps: number;
}

/** One request at the balancer. */
export interface Request {
  /** Counts from 1 in the order of arrival at the balancer. */
  readonly id: number;
  /** Which client sent it: the id in the scenario. */
  readonly client: string;
  /** The connection it came on; requests on one connection share the number. */
  readonly connection: number;
  /** The request class of the scenario, for example "video". */
  readonly class: string;
  /** "GET" or "POST", for example. A POST that a backend may have carried out is not safe to send again. */
  readonly method: string;
  /** The name it was sent to: its Host header. */
  readonly host: string;
  /** What stands behind the host, for example "/videos/7". */
  readonly path: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where it comes from: an IPv4 address such as "198.51.100.7". */
  readonly sourceAddress: string;
  /** The client's port; another one for each of its connections. */
  readonly sourcePort: number;
  /** The port of the balancer it came to. */
  readonly port: number;
  /** Size of the request's body; 0 for none. */
  readonly bytes: number;
  /** 1 at first, one more with each retry. */
  readonly attempt: number;
  /** The backends that earlier attempts went to, in their order; empty at first. */
  readonly tried: readonly Backend[];
}

/** How one attempt at a backend ended. */
export interface Outcome {
  /**
   * `served`: a response came (see `status`). `refused`: the connection was refused. `timeout`: no answer in time.
   * `rejected`: the backend's queue was full. `reset`: the connection broke after the request was sent.
   */
  readonly kind: 'served' | 'refused' | 'timeout' | 'rejected' | 'reset';
  /** HTTP status; 0 when no response came. */
  readonly status: number;
  /** From the pick to the end of the attempt. */
  readonly latencyUs: number;
  /** Size of the response body; 0 when no response came. */
  readonly bytes: number;
  /** What the backend reported with its response. Absent: it reports nothing. */
  readonly load?: LoadReport;
}

/** Chooses the backend of each attempt. */
export interface Picker {
  /**
   * Called once per attempt. `backends` holds only eligible ones (health, drain, panic, subset and route already applied), in the
   * order of the scenario, and is never empty. Answer one of them, or `undefined` to decline: the request then gets a 503.
   * An answer that is not in `backends` is an error of the policy.
   * On a retry `request.tried` says who failed. A picker whose real system skips those does so itself; of others the engine asks again while
   * the answer was tried and somebody was not, five times in all (Envoy: host selection retries), and then goes down the list.
   */
  pick(backends: readonly Backend[], request: Request, ctx: Context): Backend | undefined;
  /**
   * Membership, a weight or eligibility changed: `backends` is the new eligible list (it may be empty). Called before the first pick, and
   * once between two picks if anything changed between them. The array's identity says nothing; this call does.
   */
  onPoolChange?(backends: readonly Backend[], ctx: Context): void;
  /**
   * All that the configuration has in the pool, eligible or not, in its order: called before `onPoolChange` when one joined, left or changed its
   * weight. For pickers whose table stays as it is while a backend is out (nginx); the eligible list is part of this one, in the same order.
   */
  onMembersChange?(members: readonly Backend[], ctx: Context): void;
  /** The request was sent to `backend`: `backend.inFlight` already counts it. */
  onRequestStart?(backend: Backend, request: Request, ctx: Context): void;
  /** The attempt ended: `backend.inFlight` no longer counts it. Called exactly once for each start, also after the backend left the pool. */
  onRequestEnd?(backend: Backend, request: Request, outcome: Outcome, ctx: Context): void;
  /**
   * Whom to ask for their load after this pick. The engine sends the probes beside the request and tells the answers to `onProbe`; a probe that is
   * lost, or not answered within a second, is not heard of again. (Prequal.)
   */
  probes?(backends: readonly Backend[], request: Request, ctx: Context): readonly Backend[];
  /** A backend answered a probe for its load. */
  onProbe?(backend: Backend, load: LoadReport, ctx: Context): void;
  /**
   * Full backends stay in `backends` and this picker never answers one: it looks at `backend.full` itself, and declines when all are full. Absent: the engine
   * takes a full backend out of the list and puts it back, each a change of the pool. For pickers whose structure is dear to rebuild.
   */
  readonly skipsFull?: true;
  /**
   * The order of changes matters to it: once it knows the list, it is told of each when it happens. Absent: of all since the last pick at once, before the next.
   */
  readonly hearsEachChange?: true;
}

/** Shall the backend get requests? */
export type Health = 'healthy' | 'unhealthy';

/** What there is to know about a backend's health: the result of a probe, or of a real request. */
export type HealthSignal =
  | {
      /** The balancer asked the backend how it is. */
      readonly kind: 'probe';
      /** Which check: a connection (`tcp`), a request (`http`, `grpc`), one that says whether it is ready or asks its dependencies too (`readiness`, `deep`), or an agent beside it. */
      readonly check: 'tcp' | 'http' | 'readiness' | 'deep' | 'grpc' | 'agent';
      /** Did the probe pass? */
      readonly ok: boolean;
      /** Why it failed, `ok` if it passed. */
      readonly reason: 'ok' | 'refused' | 'timeout' | 'status' | 'body' | 'dependency';
      /** HTTP status; 0 when there was none. */
      readonly status: number;
      /** From sending the probe to its answer, or until it was given up. */
      readonly latencyUs: number;
      /** What an agent says, as it says it: for example "up 50%" or "drain". */
      readonly agent?: string;
    }
  | {
      /** A real request was answered, or failed. */
      readonly kind: 'response';
      /** How its attempt at the backend ended. */
      readonly outcome: Outcome;
    };

/**
 * Judges health. The engine sends probes, keeps their timers and applies what is answered; every backend starts as healthy. It also owns the
 * panic threshold. How many may be ejected is the policy's own business, as an ejection that is refused must not count (DECISIONS.md, 34).
 */
export interface HealthPolicy {
  /** Called for each signal in the order of time. Answer the backend's health from now on, or `undefined` to leave it as it is. */
  observe(backend: Backend, signal: HealthSignal, ctx: Context): Health | undefined;
  /** Called every sweep interval: judge backends against each other, or end ejections. `backends` are all of the pool, eligible or not. */
  sweep?(backends: readonly Backend[], ctx: Context): ReadonlyMap<Backend, Health> | undefined;
  /** The sweep interval; a second unless said. */
  readonly sweepEveryUs?: number;
  /** The backends of the pool, eligible or not: called before anything else, and again before the next call when one joined or left. */
  onPoolChange?(backends: readonly Backend[], ctx: Context): void;
  /**
   * A request was sent to `backend`. Answering `unhealthy` here, to the first request after a return, lets that one through alone as a trial: what it
   * comes to is told to `observe`. A trial whose client gives up is told to nobody, so a policy that waits for it must bound its wait.
   */
  onRequestStart?(backend: Backend, ctx: Context): Health | undefined;
  /** As judge of probes, hear of the responses of real requests as well (HAProxy: `observe`). */
  readonly hearsResponses?: true;
  /** Asked after each response it heard: shall the next probe be sent within the fast interval? */
  suspects?(backend: Backend): boolean;
}

/** What a backend's agent may order; what is absent stays as it is. (HAProxy: agent-check.) */
export interface AgentOrders {
  /** Says that the backend is well, or is not. */
  readonly health?: Health;
  /** Of the configured weight, in percent, rounded down as a whole; 0 takes no new requests. */
  readonly weightPercent?: number;
  /** So many requests it wants in flight at most. */
  readonly maxConnections?: number;
  /** `drain` and `maint` take no new requests until `ready`. */
  readonly state?: 'ready' | 'drain' | 'maint';
}

/** Reads what agents say. The engine asks them, and combines the health they claim with that of the other checks: both must be healthy. */
export interface AgentPolicy {
  /** `reply` is what the agent said, or `undefined` if it could not be asked. */
  observe(backend: Backend, reply: string | undefined, ctx: Context): AgentOrders | undefined;
}

/** May a failed request be tried again? The engine keeps the deadline, waits, and picks among the other backends first. */
export interface RetryPolicy {
  /** `attempt` counts from 1. Answer the wait before the next attempt (0: at once), or `undefined` to give up. */
  onFailure(request: Request, attempt: number, outcome: Outcome, ctx: Context): number | undefined;
  /** Called for each first attempt: what budgets count. */
  onRequest?(request: Request, ctx: Context): void;
  /** The client was answered, or has gone (`served` is false): no attempt at this request follows. */
  onAnswer?(request: Request, served: boolean, ctx: Context): void;
  /** Asked when the attempt after attempt `attempt` is due: does it go to the same backend once more? Absent: the picker chooses. (HAProxy, without redispatch.) */
  staysPut?(request: Request, attempt: number): boolean;
}

/** May a request that takes long be sent to a second backend as well? The first answer counts, and the other attempt is cancelled. */
export interface HedgePolicy {
  /** Answer how long to wait for attempt `attempt` (from 1) before the next is sent beside it, or `undefined`: send no more. */
  delayUs(request: Request, attempt: number, ctx: Context): number | undefined;
  /** The wait is over, and the next attempt is sent. */
  onHedge?(request: Request, ctx: Context): void;
  /** An attempt ended; each is told, also one that comes after the answer. */
  onOutcome?(request: Request, outcome: Outcome, ctx: Context): void;
}

/** Let in, but not at once: a leaky bucket that smooths. */
export interface Wait {
  /** So long it is kept at the balancer; then it goes on. */
  readonly waitUs: number;
}

/** Is a request let in (rate limits, load shedding)? */
export interface AdmissionPolicy {
  /**
   * Answer `undefined` to admit, a `Wait` to admit after a while, or the Retry-After in microseconds: the request then gets a 429.
   * Where several let a request wait, the longest wait counts. `backend`: whom the picker chose, for a limit behind the pick; no request can wait there.
   */
  admit(request: Request, ctx: Context, backend?: Backend): number | Wait | undefined;
  /** An admitted request was answered: what limits on concurrency and adaptive shedding count. */
  onAnswer?(request: Request, status: number, latencyUs: number, ctx: Context): void;
}

/** `closed` lets requests through, `open` none, and `half-open` one at a time, to see how it ends. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Guards one backend. An open breaker takes the backend out of the eligible list. */
export interface BreakerPolicy {
  /** Asked before each pick. `half-open` lets one trial request through at a time. */
  state(backend: Backend, ctx: Context): BreakerState;
  /** An attempt at `backend` ended. */
  observe(backend: Backend, outcome: Outcome, ctx: Context): void;
}

/** An answer the balancer gives by itself: a redirect, or a fixed response. */
export interface Reply {
  /** HTTP status, for example 301 or 404. */
  readonly status: number;
  /** Header names in lower case; a redirect has its `location` here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: an empty body. */
  readonly body?: string;
}

/** A pool, and what the backend shall see instead of what the client sent. */
export interface Forward {
  /** The id of the pool that gets the request. */
  readonly pool: string;
  /** The host that the backend sees; absent: the client's. */
  readonly host?: string;
  /** The path that the backend sees; absent: the client's. */
  readonly path?: string;
  /** All headers that the backend sees, by names in lower case; absent: the client's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Which route it was, for the limits on it (`Policies.routes`). */
  readonly route?: string;
}

/** Chooses the pool. */
export interface Router {
  /** Answer the id of a pool, with changes to the request if need be; or a reply; or `undefined`: no route, a 404. */
  route(request: Request, ctx: Context): string | Forward | Reply | undefined;
}

/** Keeps a client on its backend. */
export interface AffinityPolicy {
  /**
   * `backends` holds the eligible ones and those that drain: who is bound to a draining backend may still come.
   * Answer the backend this request belongs to, one of `backends`; `undefined` leaves the choice to the picker. On a retry `request.tried` says who failed:
   * a policy that answers one of those insists on it (HAProxy without redispatch).
   */
  find(backends: readonly Backend[], request: Request, ctx: Context): Backend | undefined;
  /** The request went to `backend`. Answer the cookie to set on the response, or `undefined`. */
  remember(backend: Backend, request: Request, ctx: Context): string | undefined;
  /** The response of `backend` sets a cookie of the application. `cookie` is as in Set-Cookie: "JSESSIONID=a3f; Path=/". */
  learn?(backend: Backend, request: Request, cookie: string, ctx: Context): void;
  /** `backends` is without those that drain: nobody is bound so firmly that it outlasts a drain. */
  readonly skipsDraining?: true;
  /** As the picker's, with the list that `find` gets: called before the first `find` and after each change. */
  onPoolChange?(backends: readonly Backend[], ctx: Context): void;
}

/** A VRRP advertisement (RFC 9568, section 5.2). */
export interface Advertisement {
  /** 0: the sender resigns. */
  readonly priority: number;
  /** Compared as a number when priorities tie. */
  readonly address: number;
  /** How often the sender sends one, as long as it is master. */
  readonly intervalUs: number;
}

/** One router of a VRRP group (RFC 9568, section 6.4). The engine carries the advertisements and keeps the one timer. */
export interface Elector {
  /** Called at start, when an advertisement arrives, and when the timer fires (`advertisement` undefined). */
  next(
    advertisement: Advertisement | undefined,
    ctx: Context,
  ): {
    /** What the router is from now on; a master owns the virtual address. */
    readonly role: 'initialize' | 'backup' | 'master';
    /** Send an advertisement now with this priority; `undefined`: send none. */
    readonly advertise?: number;
    /** When to call again if nothing arrives. */
    readonly timerUs: number;
  };
}

/** The five numbers that name a flow. */
export interface Flow {
  /** The client's IPv4 address, as a number of 32 bits. */
  readonly sourceAddress: number;
  /** The client's port. */
  readonly sourcePort: number;
  /** The address it was sent to: the balancer's virtual one, as a number of 32 bits. */
  readonly destinationAddress: number;
  /** The port it was sent to, for example 443. */
  readonly destinationPort: number;
  /** Of the IP header: 6 for TCP, 17 for UDP. */
  readonly protocol: number;
}

/** Keeps the packets of a flow on one backend (behind ECMP, in an L4 balancer). */
export interface FlowTable {
  /** `opening`: the packet opens the flow (a SYN). Answer one of `backends`, or `undefined` to drop the packet. */
  lookup(flow: Flow, opening: boolean, backends: readonly Backend[], ctx: Context): Backend | undefined;
  /** The flow has ended. */
  close?(flow: Flow, ctx: Context): void;
}

/** A place that answers for a name. */
export interface Site {
  /** Its name in the scenario: what the answer is made of. */
  readonly id: string;
  /** Do the health checks of the site pass? */
  readonly healthy: boolean;
  /** Requests a second that come to it now. */
  readonly loadRps: number;
  /** Requests a second that it can serve. */
  readonly capacityRps: number;
}

/** An authoritative name server that knows where things are (GeoDNS, GSLB). */
export interface Resolver {
  /**
   * `sites` are all there are, well or not; `distancesUs` holds the round trip from the asking resolver to each of them, in the same order. Both are live.
   * Answer at least one of their ids, the best first, and how long the answer may be kept. Anything else is an error of the policy.
   */
  resolve(
    sites: readonly Site[],
    distancesUs: readonly number[],
    ctx: Context,
  ): {
    /** Ids of sites, the best first. */
    readonly sites: readonly string[];
    /** How long resolvers may keep the answer. */
    readonly ttlUs: number;
  };
}
