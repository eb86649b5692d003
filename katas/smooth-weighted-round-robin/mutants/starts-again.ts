/**
 * @misconception A change of the pool is a good moment to start the rotation again.
 * @fails Wrong answer: shares do not follow the weights
 */
import type { Backend, Picker } from 'ballast';

export default function startsAgain(): Picker {
  let owed = new Map<Backend, number>();
  return {
    onPoolChange() {
      owed = new Map();
    },
    pick(backends) {
      let total = 0;
      for (const backend of backends) {
        total += backend.weight;
        owed.set(backend, (owed.get(backend) ?? 0) + backend.weight);
      }
      const best = backends.reduce((a, b) => (owed.get(b)! > owed.get(a)! ? b : a));
      owed.set(best, owed.get(best)! - total);
      return best;
    },
  };
}
