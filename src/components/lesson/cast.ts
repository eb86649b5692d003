import { type Action, type Scenario, frontsOf, meanUs, nodesOf, plannedRps } from '../../../engine/index.ts';

/** Who is on stage: what a figure must know about a scenario to draw its frames. Order is the order of frames. */
export interface Cast {
  readonly clients: readonly { readonly id: string; readonly rateRps: number }[];
  readonly rateRps: number;
  readonly layer: 4 | 7;
  /** The nodes of a tier; empty where there is one balancer, or more of them than a figure can show. */
  readonly nodes: readonly { readonly id: string }[];
  /** The layer 4 nodes in front of them; empty where there are none, or more than a figure can show. */
  readonly fronts: readonly { readonly id: string }[];
  readonly reach: NonNullable<Scenario['tier']>['reach']['kind'] | undefined;
  readonly pools: readonly CastPool[];
  readonly backends: readonly CastBackend[];
}

export interface CastPool {
  readonly id: string;
  readonly picker: string;
  /** The path prefixes that lead here; empty: everything that is not routed elsewhere. */
  readonly prefixes: readonly string[];
}

export interface CastBackend {
  readonly id: string;
  /** Index in `pools`. */
  readonly pool: number;
  readonly workers: number;
  /** Requests of the default class it can serve each second while it is well. */
  readonly capacityRps: number;
}

type ScenarioBackend = Scenario['pools'][number]['backends'][number];

/** `timeline` holds every action of the run, the scenario's own and those applied by hand, in order. */
export function castOf(scenario: Scenario, timeline: readonly Action[] = scenario.timeline): Cast {
  const clients = scenario.clients.map((client) => ({ id: client.id, rateRps: plannedRps(client) }));
  const routes = scenario.balancer.layer === 7 ? scenario.balancer.routes : [];
  const pools = scenario.pools.map(({ id, picker }) => ({
    id,
    picker: picker.name,
    prefixes: routes.flatMap((route) =>
      route.pool === id && route.pathPrefix !== undefined ? [route.pathPrefix] : [],
    ),
  }));
  const joined = timeline.filter((action) => action.do === 'add-backend');
  return {
    clients,
    rateRps: clients.reduce((sum, client) => sum + client.rateRps, 0),
    layer: scenario.balancer.layer,
    nodes: scenario.tier === undefined ? [] : castNodes(nodesOf(scenario.tier)),
    fronts: castFronts(scenario.tier?.reach),
    reach: scenario.tier?.reach.kind,
    pools,
    backends: [
      ...scenario.pools.flatMap((pool, index) => pool.backends.map((backend) => castBackend(backend, index))),
      ...joined.map((action) =>
        castBackend(
          action.backend,
          pools.findIndex((pool) => pool.id === action.pool),
        ),
      ),
    ],
  };
}

const MOST_NODES = 16;

function castNodes(nodes: readonly { readonly id: string }[]): Cast['nodes'] {
  return nodes.length > MOST_NODES ? [] : nodes.map(({ id }) => ({ id }));
}

const MOST_FRONTS = 4;

function castFronts(reach: NonNullable<Scenario['tier']>['reach'] | undefined): Cast['fronts'] {
  const ids = reach?.kind === 'layer-4' ? frontsOf(reach) : [];
  return ids.length > MOST_FRONTS ? [] : ids.map((id) => ({ id }));
}

function castBackend(backend: ScenarioBackend, pool: number): CastBackend {
  const service = backend.service['default'];
  const serviceUs = service === undefined ? Number.NaN : meanUs(service) / backend.speed;
  return { id: backend.id, pool, workers: backend.workers, capacityRps: (backend.workers * 1_000_000) / serviceUs };
}
