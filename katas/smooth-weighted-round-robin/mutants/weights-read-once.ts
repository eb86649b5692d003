/**
 * @misconception Weights are configuration: what they were at the start they stay.
 * @fails Wrong answer: shares do not follow the weights
 */
import type { Backend, Picker } from 'ballast';

export default function readOnce(): Picker {
  const weights = new Map<Backend, number>();
  const owed = new Map<Backend, number>();
  return {
    pick(backends) {
      let total = 0;
      for (const backend of backends) {
        if (!weights.has(backend)) weights.set(backend, backend.weight);
        total += weights.get(backend)!;
        owed.set(backend, (owed.get(backend) ?? 0) + weights.get(backend)!);
      }
      const best = backends.reduce((a, b) => (owed.get(b)! > owed.get(a)! ? b : a));
      owed.set(best, owed.get(best)! - total);
      return best;
    },
  };
}
