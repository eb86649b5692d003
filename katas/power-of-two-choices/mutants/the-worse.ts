/**
 * @misconception The busier of the two is the one that gets things done.
 * @fails Wrong answer: the busiest of all is picked
 */
import type { Picker } from 'ballast';

export default function theWorse(): Picker {
  return {
    pick(backends, request, ctx) {
      if (backends.length === 1) return backends[0];
      const first = ctx.rng.int(backends.length);
      const second = (first + 1 + ctx.rng.int(backends.length - 1)) % backends.length;
      return backends[first]!.inFlight > backends[second]!.inFlight ? backends[first] : backends[second];
    },
  };
}
