import type { Backend, Picker } from 'ballast';

/** So many that shares scatter by less than a tenth: about 1 / sqrt(160). */
const POINTS = 160;

/** Points follow from a backend's id and weight alone, so nobody's change moves anybody else's. The ring is built when the pool changes and searched by halving. */
export default function ringHash(): Picker {
  let places: number[] = [];
  let owners: Backend[] = [];

  return {
    onPoolChange(backends) {
      const points = backends.flatMap((backend) =>
        Array.from({ length: Math.round(POINTS * backend.weight) }, (_, i) => ({
          at: hash(`${backend.id} ${i}`),
          backend,
        })),
      );
      points.sort((a, b) => a.at - b.at);
      places = points.map(({ at }) => at);
      owners = points.map(({ backend }) => backend);
    },
    pick(backends, request) {
      const at = hash(request.path);
      let low = 0;
      let high = places.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (places[middle]! < at) low = middle + 1;
        else high = middle;
      }
      return owners[low === owners.length ? 0 : low];
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
