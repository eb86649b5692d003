/**
 * @misconception Who is picked pays its own weight.
 * @fails Wrong answer: shares do not follow the weights
 */
import type { Backend, Picker } from 'ballast';

export default function paysItsOwn(): Picker {
  const owed = new Map<Backend, number>();
  return {
    pick(backends) {
      for (const backend of backends) owed.set(backend, (owed.get(backend) ?? 0) + backend.weight);
      const best = backends.reduce((a, b) => (owed.get(b)! > owed.get(a)! ? b : a));
      owed.set(best, owed.get(best)! - best.weight);
      return best;
    },
  };
}
