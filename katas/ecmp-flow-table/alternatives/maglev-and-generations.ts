import type { Backend, Flow, FlowTable } from 'ballast';

/** Slots of the Maglev table: a prime, some hundred times the backends. */
const SLOTS = 1009;

/**
 * Maglev below, and a table in two generations above: a flow that is heard moves into the young one. When that holds half of the limit it grows old, and what was old is forgotten.
 */
export default function ecmpFlowTable({ limit }: { limit: number }): FlowTable {
  let young = new Map<string, Backend>();
  let old = new Map<string, Backend>();
  let known: readonly Backend[] = [];
  let slots: readonly Backend[] = [];

  return {
    lookup(flow, opening, backends) {
      if (backends.length !== known.length || backends.some((backend, at) => backend !== known[at])) {
        known = [...backends];
        slots = maglev(known);
      }
      const key = keyOf(flow);
      let home = opening ? undefined : (young.get(key) ?? old.get(key));
      if (home === undefined || !backends.includes(home)) home = slots[hash(key) % SLOTS];
      if (home === undefined) return undefined;
      young.set(key, home);
      if (young.size > limit / 2) [old, young] = [young, new Map<string, Backend>()];
      return home;
    },
    close(flow) {
      young.delete(keyOf(flow));
      old.delete(keyOf(flow));
    },
  };
}

/** In turn each backend takes the next slot of its own permutation that is free. */
function maglev(backends: readonly Backend[]): Backend[] {
  const slots: Backend[] = [];
  const rows = backends.map((backend) => ({
    backend,
    at: hash(backend.id) % SLOTS,
    skip: 1 + (hash(`skip ${backend.id}`) % (SLOTS - 1)),
  }));
  for (let filled = 0; filled < SLOTS && rows.length > 0;) {
    for (const row of rows) {
      while (slots[row.at] !== undefined) row.at = (row.at + row.skip) % SLOTS;
      slots[row.at] = row.backend;
      filled += 1;
      if (filled === SLOTS) break;
    }
  }
  return slots;
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
