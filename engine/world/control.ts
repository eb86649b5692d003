import { handle } from '../balancer/control-plane/control-plane.ts';
import type { ControlRequest, ControlResponse } from '../balancer/control-plane/http.ts';
import type { BackendStatus, Change, ControlState, ManagedBackend, Routing } from '../balancer/control-plane/state.ts';
import { BELIEVED } from '../balancer/roster.ts';
import { EVENT_KIND } from '../metrics/event-kind.ts';
import { prometheusText } from '../metrics/prometheus.ts';
import type { BackendState } from './backend-state.ts';
import { metricFamilies } from './control-metrics.ts';
import { healthCheckOf } from './configure.ts';
import type { Action, Scenario } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import { targetOf } from './timetable.ts';

const RATE_OVER_US = 1_000_000;
/** Where requests come that name no other port. */
const HTTP_PORT = 80;

/**
 * Asks the control plane of a run. The answer comes with the actions that carry it out, all at the present moment: whoever holds the run
 * applies them before anything else happens. `algorithms` are the names of all pickers.
 */
export function control(
  run: Simulation,
  request: ControlRequest,
  algorithms: readonly string[],
): { readonly response: ControlResponse; readonly actions: readonly Action[] } {
  const { response, changes } = handle(request, stateOf(run, algorithms));
  return { response, actions: changes.map((change) => actionFor(change, run)) };
}

function stateOf(run: Simulation, algorithms: readonly string[]): ControlState {
  const { scenario, nowUs } = run;
  const done = run.timeline.filter((action) => action.atUs <= nowUs);
  const states = run.backends();
  const history = readHistory(run, states.length);
  const specs = [
    ...scenario.pools.flatMap((pool) => pool.backends),
    ...done.flatMap((action) => (action.do === 'add-backend' ? [action.backend] : [])),
  ];
  const all = states.map((state, index) => managed(state, specs[index]!, history.backends[index]!, done));
  const backends = all.filter((_, index) => states[index]!.believed !== 'removed');
  return {
    ...routingOf(scenario, done, backends),
    loadBalancerId: 'lb',
    version: 1 + done.filter((action) => configures(action)).length,
    backends,
    retired: states.filter(({ believed }) => believed === 'removed').map(({ id }) => id),
    reserved: run.timeline.flatMap((action) =>
      action.atUs > nowUs && action.do === 'add-backend' ? [action.backend.id] : [],
    ),
    algorithms,
    nextRule: 1 + highest(done, (routing) => routing.rules.map(({ ruleId }) => ruleId)),
    nextListener: 1 + highest(done, (routing) => routing.listeners.map(({ listenerId }) => listenerId)),
    requestsPerSec: nowUs === 0 ? 0 : (history.arrivals * 1_000_000) / Math.min(nowUs, RATE_OVER_US),
    metrics: () => prometheusText(metricFamilies(run)),
  };
}

function managed(state: BackendState, spec: Backend, seen: Seen, done: readonly Action[]): ManagedBackend {
  const { id } = state;
  return {
    id,
    pool: state.pool,
    ...addressOf(state.address),
    healthCheckPath: spec.registration?.healthCheckPath ?? '/health',
    weight: state.weight,
    ...(state.maxConnections !== Infinity && { maxConnections: state.maxConnections }),
    status: STATUS[state.lifecycle],
    activeConnections: state.inFlight,
    requestsCount: state.served + state.failed,
    errorCount: state.failed,
    consecutiveFailures: seen.misses,
    ...(seen.lastProbeUs !== undefined && { lastHealthCheckAtUs: seen.lastProbeUs }),
    ...(seen.change !== undefined && { lastHealthChange: seen.change }),
    createdAtUs: done.find((action) => action.do === 'add-backend' && action.backend.id === id)?.atUs ?? 0,
    updatedAtUs: done.findLast((action) => configures(action, id))?.atUs ?? 0,
  };
}

type Backend = Scenario['pools'][number]['backends'][number];

/** The routing in force, without backends that have left; those that joined a pool stand in it. */
function routingOf(scenario: Scenario, done: readonly Action[], backends: readonly ManagedBackend[]): Routing {
  const { targetGroups, rules, listeners } = lastRouting(done) ?? firstRouting(scenario);
  const present = (ids: readonly string[]) => ids.filter((id) => backends.some((backend) => backend.id === id));
  const homed = (group: string) => backends.filter(({ pool }) => pool === group).map(({ id }) => id);
  return {
    targetGroups: targetGroups.map((group) => ({
      ...group,
      backends: [...new Set([...present(group.backends), ...homed(group.id)])],
    })),
    rules: rules.map((rule) => ({ ...rule, backends: present(rule.backends) })),
    listeners,
  };
}

function lastRouting(done: readonly Action[]): Routing | undefined {
  return done.findLast((action) => action.do === 'configure')?.routing;
}

/** What the scenario says, in the words of the control plane: its pools, and the routes between them. */
function firstRouting({ pools, balancer }: Scenario): Routing {
  return {
    targetGroups: pools.map((pool) => ({
      id: pool.id,
      algorithm: pool.picker.name,
      backends: pool.backends.map(({ id }) => id),
      ...(pool.health && { healthCheck: healthCheckOf(pool) }),
    })),
    rules: [],
    listeners: [
      {
        listenerId: 'listener-1',
        protocol: balancer.layer === 4 ? 'TCP' : 'HTTP',
        port: HTTP_PORT,
        defaultTargetGroup: pools[0]!.id,
      },
    ],
  };
}

/** The highest number that was ever given to an id such as "rule-7". */
function highest(done: readonly Action[], ids: (routing: Routing) => readonly string[]): number {
  const given = done.flatMap((action) => (action.do === 'configure' ? ids(action.routing) : []));
  return Math.max(0, ...given.map((id) => Number(/-(\d+)$/.exec(id)?.[1] ?? 0)));
}

/** What a change of the configuration is in the world. A new machine is like the first one of its pool, or of the first pool. */
function actionFor(change: Change, run: Simulation): Action {
  const at = { atUs: run.nowUs };
  switch (change.kind) {
    case 'register': {
      const { id, weight, maxConnections, ...registration } = change.backend;
      const { pools } = run.scenario;
      const pool = pools.find(({ id: home }) => home === change.pool) ?? pools[0]!;
      const { maxConnections: _, ...model } = pool.backends[0]!;
      const bound = maxConnections === undefined ? {} : { maxConnections };
      return { ...at, do: 'add-backend', pool: change.pool, backend: { ...model, id, weight, ...bound, registration } };
    }
    case 'deregister':
      return { ...at, do: 'remove-backend', backend: change.id, force: change.cut };
    case 'set-weight':
      return { ...at, do: 'set-weight', backend: change.id, weight: change.weight };
    case 'set-max-connections':
      return { ...at, do: 'set-max-connections', backend: change.id, maxConnections: change.maxConnections };
    case 'drain':
      return {
        ...at,
        do: 'drain',
        backend: change.id,
        ...(change.timeoutUs !== null && { timeoutUs: change.timeoutUs }),
      };
    case 'configure':
      return { ...at, do: 'configure', routing: change.routing };
  }
}

interface Seen {
  misses: number;
  lastProbeUs?: number;
  change?: { readonly atUs: number; readonly status: BackendStatus };
}

/** What the trace tells of each backend, and the requests of the last second. */
function readHistory(
  { trace, nowUs }: Simulation,
  count: number,
): { readonly backends: Seen[]; readonly arrivals: number } {
  const backends = Array.from({ length: count }, (): Seen => ({ misses: 0 }));
  let arrivals = 0;
  for (let row = 0; row < trace.length; row++) {
    const atUs = trace.atUs[row]!;
    const value = trace.value[row]!;
    const backend = backends[trace.backend[row]!]!;
    const kind = trace.kind[row];
    if (kind === EVENT_KIND.arrived && atUs > nowUs - RATE_OVER_US) arrivals++;
    if (kind === EVENT_KIND.health) backend.change = { atUs, status: STATUS[beliefNamed(value)] };
    if (kind === EVENT_KIND.probed) {
      backend.misses = value === 1 ? 0 : backend.misses + 1;
      backend.lastProbeUs = atUs;
    }
  }
  return { backends, arrivals };
}

const STATUS: Readonly<Record<BackendState['lifecycle'], BackendStatus>> = {
  registered: 'REGISTERED',
  healthy: 'HEALTHY',
  unhealthy: 'UNHEALTHY',
  draining: 'DRAINING',
  removed: 'DEREGISTERED',
};

function beliefNamed(code: number): keyof typeof BELIEVED {
  return (Object.keys(BELIEVED) as (keyof typeof BELIEVED)[]).find((name) => BELIEVED[name] === code)!;
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
  'configure',
];

/** Does the action change the balancer's configuration (of this backend)? Faults and traffic do not. */
function configures(action: Action, id?: string): boolean {
  if (!CONFIGURES.includes(action.do)) return false;
  return id === undefined || (action.do === 'add-backend' ? action.backend.id : targetOf(action)) === id;
}

/** The host and the port of "10.0.0.1:8080". */
function addressOf(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}
