import { duplicates, unknown } from './naming-problems.ts';
import type { Problem } from './scenario-error.ts';
import type { Action, Scenario } from './scenario.ts';
import { balancersFor, frontsOf, nodesOf } from './tier-nodes.ts';

/** What is wrong between the parts of a tier, and between it and the rest. */
export function tierProblems({ tier, balancer, pools }: Scenario): Problem[] {
  if (tier === undefined) return [];
  const { nodes, flowTable, sync, view, reach } = tier;
  const specs = nodesOf(tier);
  const bounded = pools.some(
    ({ backends, connections }) =>
      connections !== undefined || backends.some((one) => one.maxConnections !== undefined),
  );
  return [
    ...duplicates('node', [
      ...specs.map(({ id }) => [id, 'tier.nodes'] as const),
      ...(reach.kind === 'layer-4' ? frontsOf(reach) : []).map((id) => [id, 'tier.reach.nodes'] as const),
    ]),
    ...when(reach.kind === 'layer-4' && balancer.layer === 4, {
      field: 'tier.reach',
      found: 'layer 4 in front of balancers on layer 4',
      expected: 'balancers on layer 7 behind it',
      mend: 'Set balancer.layer to 7, or let the router reach the nodes itself: kind "ecmp".',
    }),
    ...when(
      specs.every(({ spare }) => spare),
      {
        field: 'tier.nodes',
        found: `${nodes.length} spares and nothing else`,
        expected: 'a node that is there from the start',
        mend: 'Take "spare" from at least one of them.',
      },
    ),
    ...when(flowTable !== undefined && (balancer.layer !== 4 || balancer.listeners.length > 0), {
      field: 'tier.flowTable',
      found: 'a flow table on layer 7 or with listeners',
      expected: 'layer 4, without listeners',
      mend: 'Set balancer.layer to 4, or leave it out.',
    }),
    ...when(flowTable !== undefined && sync, {
      field: 'tier.sync',
      found: 'nodes that tell each other their connections, with a flow table',
      expected: 'one of both: flow tables are not synchronised',
      mend: 'Set sync to false, or leave out the flow table.',
    }),
    ...when(view.kind !== 'own' && bounded, {
      field: 'tier.view',
      found: `the view "${view.kind}" with bounds on connections`,
      expected: 'own counts, which bounds are kept by',
      mend: 'Leave out the bounds (maxConnections, connections), or take the view "own".',
    }),
  ];
}

function when(is: boolean, problem: Problem): Problem[] {
  return is ? [problem] : [];
}

/** Actions about a node that is not there. */
export function nodeProblems(
  { tier }: Scenario,
  action: Extract<Action, { balancer: string }>,
  field: string,
): Problem[] {
  const known = balancersFor(tier, action.do);
  if (action.do === 'drain-balancer' && tier !== undefined && tier.reach.kind !== 'layer-4') {
    const found = `"drain-balancer" with tier.reach.kind "${tier.reach.kind}"`;
    const expected = 'a tier behind layer 4, whose machines remember connections';
    return [
      { field: `${field}.do`, found, expected, mend: 'Say "stop-balancer": it leaves, and packets go elsewhere.' },
    ];
  }
  const from =
    'from' in action && action.from !== undefined ? unknown('balancer', action.from, known, `${field}.from`) : [];
  return [...unknown('balancer', action.balancer, known, `${field}.balancer`), ...from];
}
