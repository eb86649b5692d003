import type { Balancer } from '../balancer/balancer.ts';
import type { BackendConnections } from './backend-connections.ts';
import type { Care } from './care.ts';
import type { Client } from './clients.ts';
import type { LoadProbes } from './load-probes.ts';
import type { Line } from './network.ts';
import type { Surroundings } from './service.ts';

/** What a request meets on its way. */
export interface RequestWorld extends Surroundings {
  readonly clients: readonly Client[];
  readonly toBalancer: Line;
  readonly toBackend: Line;
  readonly balancer: Balancer;
  readonly layer: 4 | 7;
  /** Infinity: the balancer waits for ever. */
  readonly balancerTimeoutUs: number;
  /** By index of the pool; undefined where a request is sent once and that is all. */
  readonly cares: readonly (Care | undefined)[];
  /** Layer 4 with direct server return? */
  readonly isDirect: boolean;
  /** undefined: no pool keeps connections to its backends. */
  readonly backendConnections: BackendConnections | undefined;
  /** Does any pool keep clients by cookies? */
  readonly setsCookies: boolean;
  /** undefined: no picker asks for loads. */
  readonly loadProbes: LoadProbes | undefined;
}
