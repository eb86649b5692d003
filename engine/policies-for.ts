/** From a scenario to the policies it names. */
import type { Policies, PolicyMaker, PoolPolicies, TierPolicies } from './core/policies.ts';
import type { AdmissionPolicy, Elector, FlowTable, RetryPolicy, Router } from './core/policy.ts';
import { haproxyAgent } from './health/haproxy-agent.ts';
import { thresholds } from './health/thresholds.ts';
import { vrrpElector } from './tier/vrrp.ts';
import { circuitBreaker } from './traffic/circuit-breaker.ts';
import { concurrentRetryBudget } from './traffic/concurrent-retry-budget.ts';
import { hedging } from './traffic/hedging.ts';
import { allLimits } from './traffic/all-limits.ts';
import { insertedCookie } from './traffic/inserted-cookie.ts';
import { pathRouter } from './traffic/path-router.ts';
import { ruleRouter } from './traffic/rule-router.ts';
import { retries } from './traffic/retries.ts';
import type { RetryBudget } from './traffic/retry-budget.ts';
import { retryThrottle } from './traffic/retry-throttle.ts';
import { slotRetryBudget } from './traffic/slot-retry-budget.ts';
import { tokenWindowBudget } from './traffic/token-window-budget.ts';
import { ScenarioError } from './world/scenario-error.ts';
import type { Scenario } from './world/scenario.ts';
import { frontsOf, nodesOf } from './world/tier-nodes.ts';
import type { NodeSpec, Reach } from './world/scenario-tier.ts';
import { policyProblems } from './policy-problems.ts';
import { AFFINITY, FLOW_TABLES, HEALTH, LIMITS, PICKERS, RESOLVERS, SCALERS } from './registry.ts';
import type { Entry } from './registry.ts';

type PoolSpec = Scenario['pools'][number];
type PolicySpec = PoolSpec['picker'];

/**
 * Fresh policies, as the scenario names them. Requests that no route matches go to the first pool.
 * Throws a ScenarioError for an unknown name or option; a scenario that went through parseScenario has none.
 */
export function policiesFor(scenario: Scenario): Policies {
  const problems = policyProblems(scenario);
  if (problems.length > 0) throw new ScenarioError(scenario.name, problems);
  const { tier } = scenario;
  return { ...balancerPolicies(scenario), ...(tier && { tier: tierPolicies(scenario, tier) }) };
}

/** Each node has policies of its own. */
function tierPolicies(scenario: Scenario, tier: NonNullable<Scenario['tier']>): TierPolicies {
  const nodes = nodesOf(tier);
  const { reach, flowTable, autoscale } = tier;
  return {
    nodes: new Map(nodes.slice(1).map(({ id }) => [id, balancerPolicies(scenario)])),
    ...(reach.kind === 'virtual-ip' && {
      electors: new Map(nodes.map((node, index) => [node.id, () => electorOf(reach, node, index)])),
    }),
    ...(autoscale && { scaler: make(SCALERS, autoscale.policy) }),
    ...(reach.kind === 'dns' && { resolver: make(RESOLVERS, reach.policy) }),
    ...(reach.kind === 'layer-4' && { flowTables: flowTablesOf(frontsOf(reach), reach.flowTable) }),
    ...(flowTable && {
      flowTables: flowTablesOf(
        nodes.map(({ id }) => id),
        flowTable,
      ),
    }),
  };
}

function flowTablesOf(ids: readonly string[], spec: PolicySpec): ReadonlyMap<string, () => FlowTable> {
  return new Map(ids.map((id) => [id, () => make(FLOW_TABLES, spec)]));
}

/** Nodes have addresses in their order. */
function electorOf(
  { form, advertiseUs, preempt, preemptDelayUs }: Extract<Reach, { kind: 'virtual-ip' }>,
  { priority }: NodeSpec,
  index: number,
): Elector {
  return vrrpElector({ form, priority, address: index + 1, intervalUs: advertiseUs, preempt, preemptDelayUs });
}

function balancerPolicies(scenario: Scenario): Policies {
  const pools = new Map(scenario.pools.map((pool) => [pool.id, poolPolicies(pool)]));
  const { rateLimits, routes } = scenario.balancer;
  const limited = routes.flatMap(({ rateLimits: own }, at) =>
    own.length > 0 ? [[routeName(routes, at), limitsOf(own)] as const] : [],
  );
  const retrying = scenario.clients.flatMap(({ id, retry }) => (retry ? [[id, retriesOf(retry)] as const] : []));
  const router = routes.length > 0 ? routerFor(scenario) : undefined;
  return {
    pools,
    ...(router && { router }),
    ...(retrying.length > 0 && { clients: new Map(retrying) }),
    ...(rateLimits.length > 0 && { admission: limitsOf(rateLimits) }),
    ...(limited.length > 0 && { routes: new Map(limited) }),
    make: makerBeside(router),
  };
}

type Route = Scenario['balancer']['routes'][number];

/** Prefixes alone need no more than the router by prefix. Without listeners, who gets no route goes to the first pool. */
function routerFor({ balancer: { listeners, routes }, pools }: Scenario): Router {
  const catchAll = listeners.length === 0 ? [{ pathPrefix: '/', pool: pools[0]!.id }] : [];
  const byPrefix = routes.flatMap((route) => {
    const { pathPrefix, pool, rateLimits, ...others } = route;
    const plain = rateLimits.length === 0 && Object.values(others).every((value) => value === undefined);
    return plain && pathPrefix !== undefined && pool !== undefined ? [{ pathPrefix, pool }] : [];
  });
  if (byPrefix.length === routes.length) return pathRouter([...byPrefix, ...catchAll]);
  const named = routes.map((route, at) =>
    route.rateLimits.length > 0 ? { ...route, id: routeName(routes, at) } : route,
  );
  return ruleRouter([...named, ...catchAll.map(({ pool }) => ({ pool }))]);
}

function routeName(routes: readonly Route[], at: number): string {
  return routes[at]!.id ?? `#${at}`;
}

function limitsOf(specs: readonly PolicySpec[]): AdmissionPolicy {
  return allLimits(specs.map((spec) => make(LIMITS, spec)));
}

/** What an operator adds comes before the router that is there. */
function makerBeside(router: Router | undefined): PolicyMaker {
  return {
    picker: (name) => make(PICKERS, { name, options: {} }),
    router: (matches) => {
      const first = ruleRouter(matches);
      return { route: (request, ctx) => first.route(request, ctx) ?? router?.route(request, ctx) };
    },
    affinity: (rule) => insertedCookie({ cookie: `ballast-${rule}` }),
    health: (fall, rise) => thresholds({ fall, rise }),
  };
}

function poolPolicies(spec: PoolSpec): PoolPolicies {
  const { picker, health, outlier, agent, retry, hedge, breaker, affinity, rateLimits, autoscale } = spec;
  const behindPick = rateLimits.filter(({ options }) => options.by === 'backend');
  const beforePick = rateLimits.filter((limit) => !behindPick.includes(limit));
  return {
    picker: make(PICKERS, picker),
    makePicker: () => make(PICKERS, picker),
    ...(health && { health: make(HEALTH, health.policy) }),
    ...(outlier && { outlier: make(HEALTH, outlier) }),
    ...(retry && { retry: retriesOf(retry) }),
    ...(hedge && { hedge: hedging(hedge) }),
    ...(breaker && { breaker: circuitBreaker(breaker) }),
    ...(agent && { agent: haproxyAgent() }),
    ...(autoscale && { scaler: make(SCALERS, autoscale.policy) }),
    ...(affinity && { affinity: make(AFFINITY, affinity) }),
    ...(beforePick.length > 0 && { admission: limitsOf(beforePick) }),
    ...(behindPick.length > 0 && { backendAdmission: limitsOf(behindPick) }),
  };
}

function retriesOf(spec: NonNullable<PoolSpec['retry']>): RetryPolicy {
  return retries({ ...spec, budget: spec.budget && budgetOf(spec.budget) });
}

function budgetOf(budget: NonNullable<NonNullable<PoolSpec['retry']>['budget']>): RetryBudget {
  switch (budget.kind) {
    case 'concurrent':
      return concurrentRetryBudget(budget);
    case 'token-window':
      return tokenWindowBudget(budget);
    case 'slots':
      return slotRetryBudget(budget);
    case 'throttle':
      return retryThrottle(budget);
  }
}

function make<Policy>(entries: Readonly<Record<string, Entry<Policy>>>, { name, options }: PolicySpec): Policy {
  return entries[name]!.make(options as never);
}
