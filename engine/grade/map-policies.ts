import type { Policies, PolicyMaker, PoolPolicies, TierPolicies } from '../core/policies.ts';
import type { PolicyKind, PolicyOf } from './policy-kinds.ts';

/** Where in a balancer a policy stands. */
export interface Place {
  /** The node of a tier, by its id; absent: the first or only one. */
  readonly node?: string;
  /** Absent: before the pools. */
  readonly pool?: string;
  readonly route?: string;
  /** A client that tries again by itself. */
  readonly client?: string;
  /** A limit that is asked after the pick. */
  readonly isBehindPick?: true;
  /** Made for what an operator added while the run went on: no scenario names it. */
  readonly isAdded?: true;
}

/** Answers what stands in the place of a policy. */
export type Change = <K extends PolicyKind>(kind: K, policy: PolicyOf[K], place: Place) => PolicyOf[K];

/** The same policies with each of them, also those made later, replaced by what `change` answers: always in the same order. */
export function mapPolicies(policies: Policies, change: Change): Policies {
  const { tier } = policies;
  return { ...mapNode(policies, {}, change), ...(tier && { tier: mapTier(tier, change) }) };
}

function mapTier({ nodes, electors, flowTables, resolver, scaler }: TierPolicies, change: Change): TierPolicies {
  return {
    nodes: mapValues(nodes, (policies, node) => mapNode(policies, { node }, change)),
    ...(electors && { electors: mapValues(electors, (make, node) => () => change('elector', make(), { node })) }),
    ...(flowTables && { flowTables: mapValues(flowTables, (make, node) => () => change('flows', make(), { node })) }),
    ...(scaler && { scaler }),
    ...(resolver && { resolver: change('resolver', resolver, {}) }),
  };
}

function mapValues<T>(values: ReadonlyMap<string, T>, change: (value: T, key: string) => T): ReadonlyMap<string, T> {
  return new Map([...values].map(([key, value]) => [key, change(value, key)]));
}

function mapNode(policies: Policies, place: Place, change: Change): Policies {
  const { pools, router, admission, routes, clients, make } = policies;
  return {
    ...policies,
    pools: mapValues(pools, (pool, id) => mapPool(pool, { ...place, pool: id }, change)),
    ...(router && { router: change('router', router, place) }),
    ...(admission && { admission: change('admission', admission, place) }),
    ...(routes && { routes: mapValues(routes, (limit, route) => change('admission', limit, { ...place, route })) }),
    ...(clients && { clients: mapValues(clients, (retry, client) => change('retry', retry, { ...place, client })) }),
    ...(make && { make: mapMaker(make, { ...place, isAdded: true }, change) }),
  };
}

/** Slots of a pool whose name is that of the kind. */
const SLOTS = ['health', 'outlier', 'agent', 'retry', 'hedge', 'breaker', 'affinity', 'admission'] as const;

function mapPool(pool: PoolPolicies, place: Place, change: Change): PoolPolicies {
  const { picker, makePicker, backendAdmission } = pool;
  const slots = SLOTS.flatMap((slot) => {
    const policy = pool[slot];
    return policy === undefined ? [] : [[slot, change(slot, policy, place)] as const];
  });
  return {
    ...pool,
    picker: change('picker', picker, place),
    ...(makePicker && { makePicker: () => change('picker', makePicker(), place) }),
    ...Object.fromEntries(slots),
    ...(backendAdmission && {
      backendAdmission: change('admission', backendAdmission, { ...place, isBehindPick: true }),
    }),
  };
}

function mapMaker(make: PolicyMaker, place: Place, change: Change): PolicyMaker {
  return {
    picker: (name) => change('picker', make.picker(name), place),
    router: (matches) => change('router', make.router(matches), place),
    affinity: (rule) => change('affinity', make.affinity(rule), place),
    health: (fall, rise) => change('health', make.health(fall, rise), place),
  };
}
