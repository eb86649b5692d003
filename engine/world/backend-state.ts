import type { Balancer } from '../balancer/balancer.ts';
import { BELIEVED } from '../balancer/roster.ts';
import type { Lifecycle } from '../balancer/roster.ts';
import type { Backend } from '../core/policy.ts';
import { TRUTH } from './servers.ts';
import type { Servers } from './servers.ts';

/** A backend as tables and the terminal show it. */
export interface BackendState {
  readonly id: string;
  readonly pool: string;
  readonly zone: string;
  readonly weight: number;
  readonly address: string;
  /** Infinity: no bound. */
  readonly maxConnections: number;
  /** What the balancer acts on. */
  readonly believed: keyof typeof BELIEVED;
  readonly lifecycle: Lifecycle;
  /** How the machine really is. */
  readonly truth: keyof typeof TRUTH;
  readonly slowFactor: number;
  readonly workers: number;
  readonly busy: number;
  readonly queued: number;
  readonly inFlight: number;
  /** Requests its clients have the answer, or the error, of. */
  readonly served: number;
  readonly failed: number;
}

/** The state of the backend with this index; `pools` are the ids of the pools. */
export function backendState(
  view: Backend,
  index: number,
  balancer: Balancer,
  servers: Servers,
  pools: readonly string[],
): BackendState {
  const workers = servers.workersOf(index).length;
  return {
    id: view.id,
    pool: pools[balancer.poolOf(index)]!,
    zone: view.zone,
    weight: view.weight,
    address: view.address,
    maxConnections: view.maxConnections,
    lifecycle: balancer.lifecycle(index),
    believed: nameOf(BELIEVED, balancer.belief(index)),
    truth: nameOf(TRUTH, servers.truth[index]!),
    slowFactor: servers.slowFactor[index]!,
    workers,
    busy: workers - servers.idle[index]!,
    queued: servers.queued[index]!,
    inFlight: view.inFlight,
    served: servers.served[index]!,
    failed: servers.failed[index]!,
  };
}

function nameOf<Name extends string>(codes: Readonly<Record<Name, number>>, code: number): Name {
  return (Object.keys(codes) as Name[]).find((name) => codes[name] === code)!;
}
