import { nodesOf } from '../world/tier-nodes.ts';
import type { TierSpec } from '../world/scenario-tier.ts';
import type { Scenario } from '../world/scenario.ts';
import type { Place } from './map-policies.ts';
import type { PolicyKind } from './policy-kinds.ts';

/** What the scenario says to its own policy there: the factory of a learner's policy is handed the same. */
export function optionsFor(kind: PolicyKind, scenario: Scenario, place: Place): unknown {
  const pool = scenario.pools.find(({ id }) => id === place.pool);
  switch (kind) {
    case 'picker':
      return pool?.picker.options;
    case 'health':
      return pool?.health?.policy.options;
    case 'outlier':
      return pool?.outlier?.options;
    case 'affinity':
      return pool?.affinity?.options;
    case 'admission':
      return limitsAt(scenario, place)[0]?.options;
    case 'router':
      return { routes: scenario.balancer.routes, pools: scenario.pools.map(({ id }) => id) };
    case 'retry':
      return place.client === undefined ? pool?.retry : scenario.clients.find(({ id }) => id === place.client)?.retry;
    case 'agent':
    case 'hedge':
    case 'breaker':
      return pool?.[kind];
    case 'elector':
      return scenario.tier && electorOptions(scenario.tier, place);
    case 'flows':
      return scenario.tier?.flowTable?.options;
    case 'resolver':
      return undefined;
  }
}

/** What one router of a VRRP group is told: nodes have addresses in their order. */
function electorOptions(tier: TierSpec, { node }: Place): unknown {
  const nodes = nodesOf(tier);
  const index = nodes.findIndex(({ id }) => id === node);
  if (tier.reach.kind !== 'virtual-ip' || index === -1) return undefined;
  const { advertiseUs, preempt, preemptDelayUs } = tier.reach;
  return { priority: nodes[index]!.priority, address: index + 1, intervalUs: advertiseUs, preempt, preemptDelayUs };
}

/** A kata has one limit in a place; of several the learner's stands for all, and hears of the first. */
function limitsAt({ balancer, pools }: Scenario, { pool, route, isBehindPick }: Place): Limits {
  if (route !== undefined) return balancer.routes.find(({ id }, at) => (id ?? `#${at}`) === route)?.rateLimits ?? [];
  if (pool === undefined) return balancer.rateLimits;
  const limits = pools.find(({ id }) => id === pool)?.rateLimits ?? [];
  return limits.filter(({ options }) => (options['by'] === 'backend') === (isBehindPick === true));
}

type Limits = Scenario['balancer']['rateLimits'];
