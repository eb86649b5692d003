import type { Backend, Picker } from 'ballast';

interface Point {
  readonly at: number;
  readonly backend: Backend;
}

const BUCKETS = 256;
const WIDTH = 0x100000000 / BUCKETS;

/** The ring cut into arcs of equal length, each with the points on it: a pick looks into one arc, seldom into the next. */
export default function ringInArcs(): Picker {
  let arcs: Point[][] = [];

  return {
    onPoolChange(backends) {
      arcs = Array.from({ length: BUCKETS }, () => []);
      for (const backend of backends) {
        for (let i = 0; i < 100 * backend.weight; i++) {
          const at = hash(`${i}@${backend.id}`);
          arcs[Math.floor(at / WIDTH)]!.push({ at, backend });
        }
      }
      for (const arc of arcs) arc.sort((a, b) => a.at - b.at);
    },
    pick(backends, request) {
      const key = hash(request.path);
      const first = Math.floor(key / WIDTH);
      const here = arcs[first]!.find(({ at }) => at >= key);
      if (here !== undefined) return here.backend;
      for (let step = 1; step <= BUCKETS; step++) {
        const arc = arcs[(first + step) % BUCKETS]!;
        if (arc.length > 0) return arc[0]!.backend;
      }
      return undefined;
    },
  };
}

/** FNV-1a, then mixed so that texts that differ in one letter land far apart: a whole number from 0 to 2^32 - 1. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
