import type { Backend, Picker } from 'ballast';

/** HAProxy's idea: the nearer of the two neighbours, before or after. Any fixed rule does, as long as it looks at points alone. */
export default function nearestPoint(): Picker {
  let ring: [number, Backend][] = [];

  return {
    onPoolChange(backends) {
      ring = [];
      for (const backend of backends) {
        for (let i = 0; i < 120 * backend.weight; i++) ring.push([hash(`${backend.id}#${i}`), backend]);
      }
      ring.sort(([a], [b]) => a - b);
    },
    pick(backends, request) {
      const key = hash(request.path);
      let [low, high] = [0, ring.length];
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (ring[middle]![0] <= key) low = middle;
        else high = middle;
      }
      const before = key < ring[0]![0] ? ring[ring.length - 1]! : ring[low]!;
      const after = key < ring[0]![0] ? ring[0]! : (ring[low + 1] ?? ring[0]!);
      const gap = (from: number, to: number) => (to - from + 0x100000000) % 0x100000000;
      return gap(before[0], key) < gap(key, after[0]) ? before[1] : after[1];
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
