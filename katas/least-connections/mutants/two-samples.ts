/**
 * @misconception Two random backends are enough to find the least busy.
 * @fails Wrong answer: a busier backend is picked
 */
import type { Picker } from 'ballast';

export default function twoSamples(): Picker {
  return {
    pick(backends, request, ctx) {
      const a = backends[ctx.rng.int(backends.length)]!;
      const b = backends[ctx.rng.int(backends.length)]!;
      return b.inFlight < a.inFlight ? b : a;
    },
  };
}
