/**
 * @misconception Both candidates are drawn from one place fewer.
 * @fails Wrong answer: one backend is picked too seldom for 2 random candidates
 */
import type { Picker } from 'ballast';

export default function neverTheLastFirst(): Picker {
  return {
    pick(backends, request, ctx) {
      if (backends.length === 1) return backends[0];
      const first = ctx.rng.int(backends.length - 1);
      let second = ctx.rng.int(backends.length - 1);
      if (second >= first) second += 1;
      const [a, b] = [backends[first]!, backends[second]!];
      return b.inFlight < a.inFlight ? b : a;
    },
  };
}
