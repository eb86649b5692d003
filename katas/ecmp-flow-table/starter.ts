import type { Backend, Flow, FlowTable } from 'ballast';

export default function ecmpFlowTable({ limit }: { limit: number }): FlowTable {
  return {
    lookup(flow, opening, backends, ctx) {
      return backends[hash(keyOf(flow)) % backends.length];
    },
    close(flow) {},
  };
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
