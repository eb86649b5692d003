/** Which policies a balancer is handed, pool by pool and node by node. The contracts themselves are in policy.ts. */

import type {
  AdmissionPolicy,
  AffinityPolicy,
  AgentPolicy,
  BreakerPolicy,
  Elector,
  FlowTable,
  HealthPolicy,
  HedgePolicy,
  Picker,
  Resolver,
  RetryPolicy,
  Router,
} from './policy.ts';
import type { Scaler } from './scaler.ts';

/** What one pool of a balancer is handed. */
export interface PoolPolicies {
  readonly picker: Picker;
  /**
   * Makes one more picker of the same kind: a pool with several levels, zones or subsets has one for each list of backends it picks from. Absent: the one
   * picker serves them all, and hears of a change of the pool whenever the list is another one.
   */
  readonly makePicker?: () => Picker;
  /** Judges active probes. Absent: nobody probes. */
  readonly health?: HealthPolicy;
  /** Judges the responses of real requests (passive checks, outlier detection). */
  readonly outlier?: HealthPolicy;
  /** Reads the replies of the backends' agents. Absent: nobody asks them. */
  readonly agent?: AgentPolicy;
  /** Absent: nothing is tried twice. */
  readonly retry?: RetryPolicy;
  readonly hedge?: HedgePolicy;
  readonly breaker?: BreakerPolicy;
  readonly affinity?: AffinityPolicy;
  /** Asked after routing, for requests to this pool. */
  readonly admission?: AdmissionPolicy;
  /** Asked after the pick, with the backend. */
  readonly backendAdmission?: AdmissionPolicy;
  /** Absent: the pool has the backends it has. */
  readonly scaler?: Scaler;
}

/** Which requests a rule of the control plane sends to which pool or group. */
export interface RouteMatch {
  readonly pool: string;
  readonly pathPrefix: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The lower is asked first; those without come last, the longer prefix before the shorter. */
  readonly priority?: number;
}

/** Policies for what an operator adds while a run goes on. */
export interface PolicyMaker {
  picker(name: string): Picker;
  /** Requests that no match takes go where the router that was there before sends them. */
  router(matches: readonly RouteMatch[]): Router;
  /** Keeps a client on its backend by a cookie of the rule's. */
  affinity(rule: string): AffinityPolicy;
  /** Judges probes by how many in a row fail or pass. */
  health(fall: number, rise: number): HealthPolicy;
}

/** The policies of one balancer, by pool id. */
export interface Policies {
  readonly pools: ReadonlyMap<string, PoolPolicies>;
  /** Absent: every request goes to the first pool. */
  readonly router?: Router;
  /** Asked before routing, for all requests. */
  readonly admission?: AdmissionPolicy;
  /** By the route a Forward names: asked after routing, before those of the pool. */
  readonly routes?: ReadonlyMap<string, AdmissionPolicy>;
  /** By client, whether it tries again by itself. */
  readonly clients?: ReadonlyMap<string, RetryPolicy>;
  /** Absent: the routing stays as it is. */
  readonly make?: PolicyMaker;
  /** What a tier of several balancers has beside those of its first node, which are these. */
  readonly tier?: TierPolicies;
}

/** By the ids of a tier's nodes, flow tables also by those of layer 4 nodes in front of it. What a node loses when it restarts is made anew. */
export interface TierPolicies {
  /** Those of every balancer but the first: no two share a picker, a judge or a counter. */
  readonly nodes: ReadonlyMap<string, Policies>;
  readonly electors?: ReadonlyMap<string, () => Elector>;
  readonly flowTables?: ReadonlyMap<string, () => FlowTable>;
  /** The name server of a tier that is found by name; who says how large a tier is to be that scales by itself. */
  readonly resolver?: Resolver;
  readonly scaler?: Scaler;
}
