import type { Backend, Flow, FlowTable } from 'ballast';

const POINTS = 60;

/**
 * A ring below. A flow is written down when its second packet comes: a flood of packets that only open flows leaves no trace. The table is a row of places that a hand goes round; a
 * place that was used since the hand's last visit is spared once (CLOCK).
 */
export default function ecmpFlowTable({ limit }: { limit: number }): FlowTable {
  const places: { key: string; home: Backend; used: boolean }[] = [];
  const placeOf = new Map<string, number>();
  let hand = 0;
  let known = '';
  let ring: { at: number; backend: Backend }[] = [];

  function remember(key: string, home: Backend): void {
    if (places.length < limit) {
      placeOf.set(key, places.push({ key, home, used: false }) - 1);
      return;
    }
    while (places[hand]!.used) {
      places[hand]!.used = false;
      hand = (hand + 1) % limit;
    }
    placeOf.delete(places[hand]!.key);
    places[hand] = { key, home, used: false };
    placeOf.set(key, hand);
    hand = (hand + 1) % limit;
  }

  function fromRing(key: string): Backend | undefined {
    const at = hash(key);
    let [low, high] = [0, ring.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ring[middle]!.at < at) low = middle + 1;
      else high = middle;
    }
    return (ring[low] ?? ring[0])?.backend;
  }

  return {
    lookup(flow, opening, backends) {
      const ids = backends.map(({ id }) => id).join();
      if (ids !== known) {
        known = ids;
        ring = backends.flatMap((backend) =>
          Array.from({ length: POINTS }, (_, i) => ({ at: hash(`${backend.id}#${i}`), backend })),
        );
        ring.sort((a, b) => a.at - b.at);
      }
      const key = keyOf(flow);
      if (opening) return fromRing(key);
      const place = places[placeOf.get(key) ?? -1];
      if (place !== undefined && backends.includes(place.home)) {
        place.used = true;
        return place.home;
      }
      const home = fromRing(key);
      if (place !== undefined && home !== undefined) place.home = home;
      else if (home !== undefined) remember(key, home);
      return home;
    },
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
