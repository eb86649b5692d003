import { PolicyContext } from '../balancer/context.ts';
import { BackendView, setWeight, slotOf } from '../core/backend.ts';
import type { Flow } from '../core/policy.ts';
import { invariant } from '../core/invariant.ts';
import { EcmpGroup, SPACE } from './ecmp-group.ts';
import { NOBODY } from './entry.ts';
import type { Entry, EntryWorld } from './entry.ts';
import { FrontChecks } from './front-checks.ts';
import type { Layer4Reach } from './scenario-layer4.ts';
import { frontsOf } from './tier-nodes.ts';

/**
 * Layer 4 in front of the tier: a router spreads flows over machines that know nothing but flows, and lead each to a node by a table of their own. The ends of a
 * connection are its client and that node, so a machine that dies costs no connection as long as the others lead its flows to the same nodes; a node that dies
 * costs all of its own.
 */
export function layer4Entry(reach: Layer4Reach, world: EntryWorld): Entry {
  const { states, specs, clock, alarms, rerouted } = world;
  const rng = world.rng.fork('layer-4');
  const ids = frontsOf(reach);
  const makers = world.policies?.flowTables;
  const views = specs.map(({ id, zone }, node) => new BackendView(node, id, zone, 1));
  const fronts = ids.map((id) => {
    const make = makers?.get(id);
    invariant(make !== undefined, `The layer 4 node "${id}" needs a flow table.`);
    return { make, table: make(), context: new PolicyContext(clock, rng.fork(`front:${id}`)), isUp: true };
  });
  const group = new EcmpGroup(reach, rng.fork('ecmp').int(SPACE), [...ids.keys()]);
  const checks = new FrontChecks(reach.check, ids.length, views, world, rng.fork('checks'));
  const detections = alarms.row(ids.length, (front) => {
    if (group.set(front, false)) rerouted();
  });

  function nodeFor(_: number, flow: Flow, _client: number, opens: boolean): number {
    const at = group.hopOf(flow);
    const front = fronts[at];
    const nodes = checks.nodesOf(at);
    if (front?.isUp !== true || nodes.length === 0) return NOBODY;
    return slotOf(front.table.lookup(flow, opens, nodes, front.context));
  }

  return {
    addressFor: () => 0,
    nodeFor,
    remembers: true,
    changed: (node) => {
      const weight = states.isDraining(node) ? 0 : 1;
      const view = views[node]!;
      if (view.weight !== weight) {
        setWeight(view, weight);
        rerouted();
      }
      checks.look(node, !states.inService.includes(node));
    },
    fronts: () => fronts.map(({ isUp }, at) => ({ isUp, isNextHop: group.has(at) })),
    frontOf: (flow) => group.hopOf(flow),
    front(at, does) {
      const front = fronts[at]!;
      detections.cancel(at);
      if (does === 'kill') {
        front.isUp = false;
        front.table = front.make();
        detections.set(at, clock.nowUs + reach.detectUs);
      } else {
        if (does === 'start') front.isUp = true;
        if (group.set(at, does === 'start')) rerouted();
      }
    },
  };
}
