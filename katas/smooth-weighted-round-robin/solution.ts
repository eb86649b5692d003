import type { Backend, Picker } from 'ballast';

/**
 * nginx's way. Every turn each backend is owed its weight more; the one that is owed most gets the request and pays the total. What is owed always adds
 * up to zero, so nobody runs far ahead, and a change of weights or of the list takes effect at the next turn without starting anything again.
 */
export default function smoothWeightedRoundRobin(): Picker {
  const owed = new Map<Backend, number>();

  return {
    onPoolChange(backends) {
      // Who has left is owed nothing any more; it starts even if it comes back.
      for (const backend of owed.keys()) if (!backends.includes(backend)) owed.delete(backend);
    },
    pick(backends) {
      let total = 0;
      let best: Backend | undefined;
      for (const backend of backends) {
        total += backend.weight;
        owed.set(backend, (owed.get(backend) ?? 0) + backend.weight);
        if (best === undefined || owed.get(backend)! > owed.get(best)!) best = backend;
      }
      if (best !== undefined) owed.set(best, owed.get(best)! - total);
      return best;
    },
  };
}
