/**
 * @misconception A limit is met by and large: twice as many flows do no harm.
 * @fails Wrong answer: more flows are remembered than there is room for
 */
import type { Backend, Flow, FlowTable } from 'ballast';

export default function ecmpFlowTable({ limit }: { limit: number }): FlowTable {
  /** From the flow that has been quiet for the longest to the one heard last: a Map keeps the order in which keys were put in. */
  const homes = new Map<string, Backend>();

  return {
    lookup(flow, opening, backends) {
      const key = keyOf(flow);
      const known = opening ? undefined : homes.get(key);
      const home = known !== undefined && backends.includes(known) ? known : highest(key, backends);
      homes.delete(key);
      if (home === undefined) return undefined;
      homes.set(key, home);
      if (homes.size > 2 * limit) homes.delete(homes.keys().next().value!);
      return home;
    },
    close(flow) {
      homes.delete(keyOf(flow));
    },
  };
}

/** Rendezvous hashing: each backend bids for the flow, and the highest bid wins. Who leaves takes along nobody's flows but its own. */
function highest(key: string, backends: readonly Backend[]): Backend | undefined {
  let winner: Backend | undefined;
  let most = -1;
  for (const backend of backends) {
    const bid = hash(`${backend.id} ${key}`);
    if (bid > most) [winner, most] = [backend, bid];
  }
  return winner;
}

/** What tells one flow from another here: all come to the same address and port. */
function keyOf(flow: Flow): string {
  return `${flow.sourceAddress}:${flow.sourcePort}`;
}

/** FNV-1a, then mixed so that texts that differ in one letter land far apart: a whole number from 0 to 2^32 - 1. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
