/**
 * @misconception The list is read once: who was in it is still there.
 * @fails Wrong answer: pick() returned something that is no possible answer
 */
import type { Backend, Picker } from 'ballast';

export default function picksWhoLeft(): Picker {
  const owed = new Map<Backend, number>();
  return {
    pick(backends) {
      for (const backend of backends) if (!owed.has(backend)) owed.set(backend, 0);
      let total = 0;
      let best: Backend | undefined;
      for (const [backend, before] of owed) {
        total += backend.weight;
        owed.set(backend, before + backend.weight);
        if (best === undefined || owed.get(backend)! > owed.get(best)!) best = backend;
      }
      owed.set(best!, owed.get(best!)! - total);
      return best;
    },
  };
}
