import type { Policies } from '../core/policies.ts';
import type { Prng } from '../core/prng.ts';
import { invariant } from '../core/invariant.ts';
import type { Alarms } from './alarms.ts';
import { ControlLoop } from './autoscaling/control-loop.ts';
import { ScaledTier } from './autoscaling/scaled-tier.ts';
import { Gate } from './intake/gate.ts';
import { LoadBoard } from './load-board.ts';
import { BalancerNode } from './node.ts';
import type { NodeWorld } from './node.ts';
import type { SharedWorld } from './request-world.ts';
import type { Scenario } from './scenario.ts';
import { nodesOf } from './tier-nodes.ts';
import { Tier } from './tier.ts';

/** The balancers of a scenario. The first has the streams of a world that has but one; the others have their own, by their ids. */
export function nodesFor(world: NodeWorld, policies: Policies, rng: Prng): BalancerNode[] {
  const { scenario, shared } = world;
  const { tier } = policies;
  const specs = scenario.tier === undefined ? [undefined] : nodesOf(scenario.tier);
  const nodes = specs.map((spec, index) => {
    const own = index === 0 ? policies : tier?.nodes.get(spec!.id);
    invariant(own !== undefined, `policies for the node "${spec?.id}" of the tier are needed`);
    const streams = index === 0 ? rng : rng.fork(`node:${spec!.id}`);
    const keepsTo = scenario.tier?.keepsRegion === true ? spec!.region : undefined;
    return new BalancerNode(index, own, streams, { ...world, keepsTo }, spec && tier?.flowTables?.get(spec.id));
  });
  shared.clientSide.keeper = shared.crossings ?? nodes[0]!.balancer;
  const { intake } = scenario.balancer;
  const { counts } = shared.handshakes;
  shared.clientSide.gate = intake && new Gate(intake, nodes.length, counts, shared.clock, rng.fork('intake'));
  shared.crossings?.balancers.push(...nodes.map(({ balancer }) => balancer));
  return nodes;
}

/** undefined: the scenario has no tier. */
export function tierFor(
  { tier: spec, clients }: Scenario,
  parts: {
    readonly nodes: readonly BalancerNode[];
    readonly shared: SharedWorld;
    readonly policies: Policies;
    readonly alarms: Alarms;
    readonly rng: Prng;
  },
): Tier | undefined {
  const { crossings } = parts.shared;
  if (spec === undefined || crossings === undefined) return undefined;
  const { nodes, shared, alarms } = parts;
  if (spec.view.kind !== 'own') new LoadBoard(spec.view, nodes, shared.clock, alarms);
  const tier = new Tier({ ...parts, spec, specs: nodesOf(spec), clients, crossings, rng: parts.rng.fork('tier') });
  if (spec.autoscale !== undefined) {
    const scaler = parts.policies.tier?.scaler;
    invariant(scaler !== undefined, 'A tier that scales by itself needs a scaler.');
    const { clock, recorder } = shared;
    const fleet = new ScaledTier(spec.autoscale, tier, { clock, alarms, recorder });
    new ControlLoop(spec.autoscale, fleet, scaler, clock, alarms);
  }
  return tier;
}
