/**
 * @misconception To draw two of them, shuffle them all.
 * @fails Wrong answer: a decision takes too many steps
 */
import type { Picker } from 'ballast';

export default function shufflesFirst(): Picker {
  return {
    pick(backends, request, ctx) {
      const shuffled = [...backends];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = ctx.rng.int(last + 1);
        [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
      }
      const [a, b = a] = shuffled;
      return b!.inFlight < a!.inFlight ? b : a;
    },
  };
}
