/**
 * @misconception A few points for each backend are enough.
 * @fails Wrong answer: the keys are spread unevenly
 */
import type { Backend, Picker } from 'ballast';

export default function ring(): Picker {
  let ring: [number, Backend][] = [];
  return {
    onPoolChange(backends) {
      ring = backends.flatMap((backend) =>
        Array.from({ length: 5 * backend.weight }, (_, i): [number, Backend] => [hash(`${backend.id}-${i}`), backend]),
      );
      ring.sort(([a], [b]) => a - b);
    },
    pick(backends, request) {
      const key = hash(request.path);
      let [low, high] = [0, ring.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (ring[middle]![0] < key) low = middle + 1;
        else high = middle;
      }
      return (ring[low] ?? ring[0]!)[1];
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
