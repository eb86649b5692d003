/**
 * @misconception Building the ring is quick enough to do it for each request.
 * @fails Wrong answer: a decision takes too many steps
 */
import type { Backend, Picker } from 'ballast';

export default function rebuilds(): Picker {
  return {
    pick(backends, request) {
      const ring: [number, Backend][] = [];
      for (const backend of backends) {
        for (let i = 0; i < 120 * backend.weight; i++) ring.push([hash(`${backend.id} ${i}`), backend]);
      }
      const key = hash(request.path);
      const distance = ([at]: [number, Backend]) => (at - key + 0x100000000) % 0x100000000;
      return ring.reduce((a, b) => (distance(b) < distance(a) ? b : a))[1];
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
