/**
 * What the control plane speaks about, and the changes it asks for. Times are microseconds of simulated time; what goes over the wire is
 * in snake case and seconds.
 */

export type BackendStatus = 'REGISTERED' | 'HEALTHY' | 'UNHEALTHY' | 'DRAINING' | 'DEREGISTERED';

/** What an operator says of a backend. */
export interface Registration {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly healthCheckPath: string;
  /** Absent: no bound. */
  readonly maxConnections?: number;
}

/** A backend that is registered, as the balancer knows it. */
export interface ManagedBackend extends Registration {
  /** The target group it was registered in, whose health checks judge it. */
  readonly pool: string;
  /** `REGISTERED` until a health check has judged it for the first time. */
  readonly status: BackendStatus;
  readonly activeConnections: number;
  readonly requestsCount: number;
  readonly errorCount: number;
  readonly consecutiveFailures: number;
  readonly lastHealthCheckAtUs?: number;
  readonly lastHealthChange?: { readonly atUs: number; readonly status: BackendStatus };
  readonly createdAtUs: number;
  readonly updatedAtUs: number;
}

export interface HealthCheck {
  readonly path: string;
  readonly intervalUs: number;
  readonly timeoutUs: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** Backends that share a picker; a pool of the scenario is one. A backend may be in several. */
export interface TargetGroup {
  readonly id: string;
  /** The name of a picker. */
  readonly algorithm: string;
  /** Ids, in the order they joined. */
  readonly backends: readonly string[];
  /** Absent: nobody probes. */
  readonly healthCheck?: HealthCheck | undefined;
}

/** Requests that match go to the rule's own backends. */
export interface RoutingRule {
  readonly ruleId: string;
  readonly pathPrefix: string;
  readonly host?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly algorithm: string;
  readonly backends: readonly string[];
  readonly sessionSticky: boolean;
  /** The lower is asked first; those without come last, the longer prefix before the shorter. */
  readonly priority?: number | undefined;
}

export interface Listener {
  readonly listenerId: string;
  readonly protocol: 'TCP' | 'UDP' | 'HTTP' | 'HTTPS';
  readonly port: number;
  readonly defaultTargetGroup: string;
}

/** How requests find their backends: changed as one piece, so that no request ever meets half of a change. */
export interface Routing {
  readonly targetGroups: readonly TargetGroup[];
  readonly rules: readonly RoutingRule[];
  readonly listeners: readonly Listener[];
}

export interface ControlState extends Routing {
  readonly loadBalancerId: string;
  /** Of the configuration: 1 at the start of a run, one more with each change. */
  readonly version: number;
  readonly backends: readonly ManagedBackend[];
  /** Ids that were deregistered in this run. They are not given out again: counters and logs go by id. */
  readonly retired: readonly string[];
  /** Ids that are to join later in this run. */
  readonly reserved: readonly string[];
  /** The names of all pickers. */
  readonly algorithms: readonly string[];
  /** The numbers that the next rule and the next listener get; none is given out twice in a run. */
  readonly nextRule: number;
  readonly nextListener: number;
  readonly requestsPerSec: number;
  /** Prometheus text, made when it is asked for. */
  readonly metrics: () => string;
}

export type Change =
  | { readonly kind: 'register'; readonly pool: string; readonly backend: Registration }
  /** `cut`: break the requests in flight instead of letting them finish. */
  | { readonly kind: 'deregister'; readonly id: string; readonly cut: boolean }
  | { readonly kind: 'set-weight'; readonly id: string; readonly weight: number }
  /** null: no bound. */
  | { readonly kind: 'set-max-connections'; readonly id: string; readonly maxConnections: number | null }
  /** What is still in flight after `timeoutUs` is cut off; null: never. */
  | { readonly kind: 'drain'; readonly id: string; readonly timeoutUs: number | null }
  | { readonly kind: 'configure'; readonly routing: Routing };
