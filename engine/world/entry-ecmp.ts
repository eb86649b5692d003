import { flowHash } from '../core/flow.ts';
import { hashThreshold, modulo, resilientTable, withHop, withoutHop } from './ecmp.ts';
import { NOBODY } from './entry.ts';
import type { Entry, EntryWorld } from './entry.ts';
import type { Reach } from './scenario-tier.ts';

type Ecmp = Extract<Reach, { kind: 'ecmp' }>;

/**
 * A router before the tier that spreads flows over its nodes. A node that stops says so and is left at once; one that dies is found out after a while, and
 * what the router sends it until then is lost.
 */
export function ecmpEntry({ hashing, buckets, detectUs }: Ecmp, world: EntryWorld): Entry {
  const { states, clock, alarms, rng, rerouted } = world;
  const seed = rng.fork('ecmp').int(SPACE);
  let hops = states.inService;
  let table = hashing === 'resilient' && hops.length > 0 ? resilientTable(buckets, hops) : undefined;
  const detections = alarms.row(states.length, settle);

  /** Takes the node in or out, as it is. */
  function settle(node: number): void {
    const usable = states.inService.includes(node) && states.isReachable(node);
    if (usable === hops.includes(node)) return;
    const others = hops.filter((hop) => hop !== node);
    hops = usable ? [...others, node].sort((a, b) => a - b) : others;
    if (hashing === 'resilient' && hops.length > 0) {
      if (table === undefined || others.length === 0) table = resilientTable(buckets, hops);
      else table = usable ? withHop(table, node, hops.length) : withoutHop(table, node, hops);
    }
    rerouted();
  }

  function hopOf(hash: number): number {
    switch (hashing) {
      case 'modulo':
        return hops[modulo(hash, hops.length)]!;
      case 'hash-threshold':
        return hops[hashThreshold(hash, SPACE, hops.length)]!;
      case 'resilient':
        return table![hash % buckets]!;
    }
  }

  return {
    addressFor: () => 0,
    nodeFor: (_, flow) => (hops.length === 0 ? NOBODY : hopOf(flowHash(flow, seed))),
    changed(node) {
      if (states.inService.includes(node) && !states.isReachable(node)) detections.set(node, clock.nowUs + detectUs);
      else {
        detections.cancel(node);
        settle(node);
      }
    },
  };
}

/** Of the hashes. */
const SPACE = 0x1_0000_0000;
