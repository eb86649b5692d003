/**
 * @misconception A key that has a backend had better keep it, so a newcomer gets none but new keys.
 * @fails Wrong answer: the keys are spread unevenly
 */
import type { Backend, Picker } from 'ballast';

interface Point {
  hash: number;
  backend: Backend;
}

export default function ringHash(): Picker {
  const homes = new Map<string, Backend>();
  let points: Point[] = [];
  let here = new Set<Backend>();

  return {
    onPoolChange(backends) {
      here = new Set(backends);
      points = backends.flatMap((backend) =>
        Array.from({ length: 100 * backend.weight }, (_, i) => ({ hash: hash(`${backend.id}#${i}`), backend })),
      );
      points.sort((a, b) => a.hash - b.hash);
    },
    pick(_backends, { path }) {
      let home = homes.get(path);
      if (home === undefined || !here.has(home)) homes.set(path, (home = ownerOf(hash(path), points)));
      return home;
    },
  };
}

function ownerOf(key: number, points: Point[]): Backend {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.hash < key) low = middle + 1;
    else high = middle;
  }
  return points[low % points.length]!.backend;
}

/** FNV-1a, then mixed so that texts that differ in one letter land far apart: a whole number from 0 to 2^32 - 1. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
