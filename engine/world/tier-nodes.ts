import type { NodeSpec, TierSpec } from './scenario-tier.ts';

/** The nodes one by one. */
export function nodesOf({ nodes }: TierSpec): readonly NodeSpec[] {
  return nodes.flatMap(({ count, ...node }) =>
    count === 1 ? [node] : Array.from({ length: count }, (_, at) => ({ ...node, id: `${node.id}-${at + 1}` })),
  );
}
