import { EcmpGroup, SPACE } from './ecmp-group.ts';
import type { Entry, EntryWorld } from './entry.ts';
import type { Reach } from './scenario-tier.ts';

type Ecmp = Extract<Reach, { kind: 'ecmp' }>;

/**
 * A router before the tier that spreads flows over its nodes. A node that stops says so and is left at once; one that dies is found out after a while, and
 * what the router sends it until then is lost.
 */
export function ecmpEntry({ detectUs, ...words }: Ecmp, world: EntryWorld): Entry {
  const { states, clock, alarms, rng, rerouted } = world;
  const group = new EcmpGroup(words, rng.fork('ecmp').int(SPACE), states.inService);
  const detections = alarms.row(states.length, settle);

  /** Takes the node in or out, as it is. */
  function settle(node: number): void {
    if (group.set(node, states.inService.includes(node) && states.isReachable(node))) rerouted();
  }

  return {
    addressFor: () => 0,
    nodeFor: (_, flow) => group.hopOf(flow),
    changed(node) {
      if (states.inService.includes(node) && !states.isReachable(node)) detections.set(node, clock.nowUs + detectUs);
      else {
        detections.cancel(node);
        settle(node);
      }
    },
  };
}
