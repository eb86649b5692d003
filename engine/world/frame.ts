/**
 * A frame is what a figure needs to draw the world at one instant, as typed arrays that can be transferred between threads.
 * The order of backends is the order of the scenario (pools in turn), then of joining; removed backends keep their place.
 */
export interface Frame {
  readonly nowUs: number;
  readonly ended: boolean;
  /** Requests so far: arrived at the balancer, served, failed. */
  readonly counts: { readonly arrived: number; readonly served: number; readonly failed: number };
  /** The last pick: request id (0: none yet), backend index (-1: declined). */
  readonly lastPick: { readonly request: number; readonly backend: number };
  /** `BACKEND` columns for each backend. */
  readonly backends: Float64Array;
  /** For each backend its workers in turn: share of the work left, 0 (idle) to 1 (just begun). */
  readonly workers: Float32Array;
  /** `NODE` columns for each balancer of a tier, in the order of the scenario; empty where there is but one balancer. */
  readonly nodes: Float64Array;
  /** `FRONT` columns for each layer 4 node in front of a tier, in the order of the scenario; mostly empty. */
  readonly fronts: Float64Array;
  /** `DOT` columns for each request on a line of the network. */
  readonly dots: Float32Array;
  /** Latency of the requests that ended in the last window: p50, p95, p99 (NaN when n is 0), n. */
  readonly window: Float64Array;
  /** `POINT` columns for each sample since the last frame. */
  readonly series: Float64Array;
  /** `EVENT` columns for each event since the last frame, at most the newest 200. */
  readonly events: Float64Array;
}

export const BACKEND = {
  weight: 0,
  believed: 1,
  truth: 2,
  slowFactor: 3,
  inFlight: 4,
  queued: 5,
  served: 6,
  failed: 7,
  workers: 8,
  stride: 9,
} as const;
/** Values of the column `believed`. */
export { BELIEVED } from '../balancer/roster.ts';
/** Values of the column `truth`. */
export { TRUTH } from './servers.ts';
/**
 * `inService`, `isUp`, `serves`, `hasAddress` and `drains` are 1 or 0; `taken` counts the requests that have come to the node so far, `connections` the long-lived
 * ones of clients whose packets it has.
 */
export const NODE = {
  inService: 0,
  isUp: 1,
  serves: 2,
  role: 3,
  hasAddress: 4,
  inFlight: 5,
  taken: 6,
  connections: 7,
  drains: 8,
  stride: 9,
} as const;
/** 1 or 0: does the machine run, and does the router send flows to it? */
export const FRONT = { isUp: 0, isNextHop: 1, stride: 2 } as const;
/** Values of the column `role`. */
export { ROLE } from './node-states.ts';
/**
 * `client`, `backend` and `node` are indices; `backend` is -1 where there is none, `node` where there is no tier, no node has it or will get it, or
 * nobody can tell yet which. `front` is the layer 4 node that its packets come to, -1 where there is none.
 * `progress` runs from 0 to 1 along the leg.
 */
export const DOT = { leg: 0, client: 1, backend: 2, progress: 3, node: 4, front: 5, stride: 6 } as const;
export const LEG = { clientToBalancer: 0, balancerToBackend: 1, backendToBalancer: 2, balancerToClient: 3 } as const;
/** Times in microseconds. */
export const POINT = { atUs: 0, p50Us: 1, p95Us: 2, p99Us: 3, n: 4, stride: 5 } as const;
/** `kind` is one of EVENT_KIND; `request` 0 and `backend` -1 where there is none; `node` -1 where there is no tier, or it is of none of its nodes. */
export const EVENT = { atUs: 0, kind: 1, request: 2, backend: 3, value: 4, node: 5, stride: 6 } as const;
