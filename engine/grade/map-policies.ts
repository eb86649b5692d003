import type { AdmissionPolicy, Policies, PolicyMaker, PoolPolicies } from '../core/policy.ts';
import type { PolicyKind, PolicyOf } from './policy-kinds.ts';

/** Where in a balancer a policy stands. */
export interface Place {
  /** Absent: before the pools. */
  readonly pool?: string;
  readonly route?: string;
  /** A limit that is asked after the pick. */
  readonly isBehindPick?: true;
  /** Made for what an operator added while the run went on: no scenario names it. */
  readonly isAdded?: true;
}

/** Answers what stands in the place of a policy. */
export type Change = <K extends PolicyKind>(kind: K, policy: PolicyOf[K], place: Place) => PolicyOf[K];

/** The same policies with each of them, also those made later, replaced by what `change` answers: always in the same order. */
export function mapPolicies(policies: Policies, change: Change): Policies {
  const { pools, router, admission, routes, make } = policies;
  return {
    ...policies,
    pools: new Map([...pools].map(([id, pool]) => [id, mapPool(pool, { pool: id }, change)])),
    ...(router && { router: change('router', router, {}) }),
    ...(admission && { admission: change('admission', admission, {}) }),
    ...(routes && { routes: mapRoutes(routes, change) }),
    ...(make && { make: mapMaker(make, change) }),
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
    picker: change('picker', picker, place),
    ...(makePicker && { makePicker: () => change('picker', makePicker(), place) }),
    ...Object.fromEntries(slots),
    ...(backendAdmission && {
      backendAdmission: change('admission', backendAdmission, { ...place, isBehindPick: true }),
    }),
  };
}

function mapRoutes(routes: ReadonlyMap<string, AdmissionPolicy>, change: Change): ReadonlyMap<string, AdmissionPolicy> {
  return new Map([...routes].map(([route, limit]) => [route, change('admission', limit, { route })]));
}

function mapMaker(make: PolicyMaker, change: Change): PolicyMaker {
  const place: Place = { isAdded: true };
  return {
    picker: (name) => change('picker', make.picker(name), place),
    router: (matches) => change('router', make.router(matches), place),
    affinity: (rule) => change('affinity', make.affinity(rule), place),
    health: (fall, rise) => change('health', make.health(fall, rise), place),
  };
}
