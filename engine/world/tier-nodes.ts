import type { Layer4Reach } from './scenario-layer4.ts';
import type { NodeSpec, TierSpec } from './scenario-tier.ts';

/** The nodes one by one. */
export function nodesOf({ nodes }: TierSpec): readonly NodeSpec[] {
  return nodes.flatMap(({ count, ...node }) =>
    count === 1 ? [node] : Array.from({ length: count }, (_, at) => ({ ...node, id: `${node.id}-${at + 1}` })),
  );
}

/** The ids of the layer 4 nodes in front of the tier, one by one. */
export function frontsOf({ nodes }: Layer4Reach): readonly string[] {
  return nodes.flatMap(({ id, count }) =>
    count === 1 ? [id] : Array.from({ length: count }, (_, at) => `${id}-${at + 1}`),
  );
}

/** The ids that an action may name as a balancer. */
export function balancersFor(tier: TierSpec | undefined, action: string): readonly string[] {
  if (tier === undefined || (action === 'drain-balancer' && tier.reach.kind !== 'layer-4')) return [];
  const fronts = tier.reach.kind === 'layer-4' && OF_FRONTS.has(action) ? frontsOf(tier.reach) : [];
  return [...nodesOf(tier).map(({ id }) => id), ...fronts];
}

/** What can happen to a layer 4 node: it has no proxy, elects nobody, and stands outside of the links. */
const OF_FRONTS: ReadonlySet<string> = new Set(['kill-balancer', 'stop-balancer', 'start-balancer']);
