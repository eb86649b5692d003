import {
  BELIEVED,
  EVENT,
  EVENT_KIND,
  type Action,
  type BackendState,
  type BackendStatus,
  type Change,
  type ControlState,
  type ManagedBackend,
  type Scenario,
} from '../../../engine/index.ts';
import type { Deed } from '../terminal/lab.ts';

/** What of a run the control plane speaks about: read at one moment, so that its answer is of one piece. */
export interface Moment {
  readonly scenario: Scenario;
  readonly nowUs: number;
  /** All actions of the run, also later ones. */
  readonly timeline: readonly Action[];
  readonly backends: readonly BackendState[];
  /** EVENT columns since the start. */
  readonly events: Float64Array;
}

const RATE_OVER_US = 1_000_000;

export function controlState({ scenario, nowUs, timeline, backends, events }: Moment): ControlState {
  const done = timeline.filter((action) => action.atUs <= nowUs);
  const history = readHistory(events, backends.length, nowUs);
  const specs = [
    ...scenario.pools.flatMap((pool) => pool.backends),
    ...done.flatMap((action) => (action.do === 'add-backend' ? [action.backend] : [])),
  ];
  const all = backends.map((backend, index): ManagedBackend => {
    const { registration } = specs[index]!;
    const seen = history.backends[index]!;
    return {
      id: backend.id,
      pool: backend.pool,
      host: registration?.host ?? addressOf(index),
      port: registration?.port ?? 8080,
      healthCheckPath: registration?.healthCheckPath ?? '/health',
      weight: backend.weight,
      status: statusOf(backend, seen.lastProbeUs),
      activeConnections: backend.inFlight,
      requestsCount: backend.served + backend.failed,
      errorCount: backend.failed,
      consecutiveFailures: seen.misses,
      ...(seen.lastProbeUs !== undefined && { lastHealthCheckAtUs: seen.lastProbeUs }),
      ...(seen.change !== undefined && { lastHealthChange: seen.change }),
      createdAtUs: done.find((action) => action.do === 'add-backend' && action.backend.id === backend.id)?.atUs ?? 0,
      updatedAtUs: done.findLast((action) => configures(action, backend.id))?.atUs ?? 0,
    };
  });
  const removed = backends.filter((backend) => backend.believed === 'removed').map((backend) => backend.id);
  return {
    loadBalancerId: 'lb',
    version: 1 + done.filter((action) => configures(action)).length,
    pools: scenario.pools.map((pool) => pool.id),
    backends: all.filter((backend) => !removed.includes(backend.id)),
    retired: removed,
    reserved: timeline.flatMap((action) =>
      action.atUs > nowUs && action.do === 'add-backend' ? [action.backend.id] : [],
    ),
    requestsPerSec: nowUs === 0 ? 0 : (history.arrivals * 1_000_000) / Math.min(nowUs, RATE_OVER_US),
  };
}

/** What a change of the configuration is in the world. A new machine is like the first one of its pool. */
export function deedOf(change: Change, scenario: Scenario): Deed {
  if (change.kind === 'deregister') return { do: 'remove-backend', backend: change.id, force: change.cut };
  const { id, weight, ...registration } = change.backend;
  const [model] = scenario.pools.find((pool) => pool.id === change.pool)!.backends;
  return { do: 'add-backend', pool: change.pool, backend: { ...model!, id, weight, registration } };
}

interface Seen {
  misses: number;
  lastProbeUs?: number;
  change?: { readonly atUs: number; readonly status: BackendStatus };
}

function readHistory(events: Float64Array, backends: number, nowUs: number): { backends: Seen[]; arrivals: number } {
  const seen = Array.from({ length: backends }, (): Seen => ({ misses: 0 }));
  let arrivals = 0;
  for (let at = 0; at < events.length; at += EVENT.stride) {
    const atUs = events[at + EVENT.atUs]!;
    const value = events[at + EVENT.value]!;
    const backend = seen[events[at + EVENT.backend]!];
    const kind = events[at + EVENT.kind];
    if (kind === EVENT_KIND.arrived && atUs > nowUs - RATE_OVER_US) arrivals++;
    if (kind === EVENT_KIND.health) backend!.change = { atUs, status: STATUS[value] ?? 'HEALTHY' };
    if (kind === EVENT_KIND.probed) {
      backend!.misses = value === 1 ? 0 : backend!.misses + 1;
      backend!.lastProbeUs = atUs;
    }
  }
  return { backends: seen, arrivals };
}

const STATUS: Readonly<Record<number, BackendStatus>> = {
  [BELIEVED.healthy]: 'HEALTHY',
  [BELIEVED.unhealthy]: 'UNHEALTHY',
  [BELIEVED.draining]: 'DRAINING',
  [BELIEVED.removed]: 'DEREGISTERED',
};

function statusOf({ believed }: BackendState, lastProbeUs: number | undefined): BackendStatus {
  if (believed === 'healthy' && lastProbeUs === undefined) return 'REGISTERED';
  return STATUS[BELIEVED[believed]]!;
}

const CONFIGURES: readonly Action['do'][] = [
  'add-backend',
  'set-weight',
  'set-max-connections',
  'drain',
  'undrain',
  'disable',
  'enable',
  'remove-backend',
];

/** Does the action change the balancer's configuration (of this backend)? Faults and traffic do not. */
function configures(action: Action, id?: string): boolean {
  if (!CONFIGURES.includes(action.do)) return false;
  const target = action.do === 'add-backend' ? action.backend.id : 'backend' in action && action.backend;
  return id === undefined || target === id;
}

/** A backend that says no address gets one of a private network, by its place. */
function addressOf(index: number): string {
  return `10.0.${Math.floor(index / 250)}.${(index % 250) + 1}`;
}
