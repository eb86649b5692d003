/**
 * @misconception A list is searched from front to back.
 * @fails Wrong answer: a decision takes too many steps
 */
import type { Backend, Picker } from 'ballast';

export default function scans(): Picker {
  let ring: [number, Backend][] = [];
  return {
    onPoolChange(backends) {
      ring = backends.flatMap((backend) =>
        Array.from({ length: 160 * backend.weight }, (_, i): [number, Backend] => [
          hash(`${backend.id} ${i}`),
          backend,
        ]),
      );
      ring.sort(([a], [b]) => a - b);
    },
    pick(backends, request) {
      const key = hash(request.path);
      return (ring.find(([at]) => at >= key) ?? ring[0]!)[1];
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
