import type { Balancer } from '../balancer/balancer.ts';
import type { BackendConnections } from './backend-connections.ts';
import type { Care } from './care.ts';
import type { Crossings } from './crossings.ts';
import type { ClientSide, ClientWorld } from './client-side.ts';
import type { LoadProbes } from './load-probes.ts';
import type { Line } from './network.ts';
import type { Service } from './service.ts';
import type { Names, Wires } from './wires.ts';

/** What all requests meet on their way, whichever node they take. */
export interface SharedWorld extends ClientWorld {
  readonly wires: Wires;
  readonly toBalancer: Line;
  readonly clientSide: ClientSide;
  /** undefined: there is no tier, and all connections come to the one balancer. */
  readonly crossings: Crossings | undefined;
  readonly service: Service;
  readonly layer: 4 | 7;
  /** Infinity: the balancer waits for ever. */
  readonly balancerTimeoutUs: number;
  /** Layer 4 with direct server return? */
  readonly isDirect: boolean;
  /** undefined: no picker asks for loads. */
  readonly loadProbes: LoadProbes | undefined;
  /** The last decision: id of the request (0: none yet) and index of the backend (-1: none was found). */
  readonly lastPick: { request: number; backend: number };
}

/** What a request meets at one balancer. */
export interface RequestWorld extends SharedWorld {
  /** Index of the node, and what it goes by on the network. */
  readonly node: number;
  readonly names: Names;
  readonly balancer: Balancer;
  readonly toBackend: Line;
  /** By index of the pool; undefined where a request is sent once and that is all. */
  readonly cares: readonly (Care | undefined)[];
  /** undefined: no pool keeps connections to its backends. */
  readonly backendConnections: BackendConnections | undefined;
  /** What its questions for loads travel on. */
  readonly toAsk: Line;
}
