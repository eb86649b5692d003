/**
 * @misconception Comparing everybody with everybody finds the least.
 * @fails Wrong answer: a decision takes too many steps
 */
import type { Picker } from 'ballast';

export default function everyPair(): Picker {
  return {
    pick(backends, request, ctx) {
      const tied = backends.filter((a) => backends.every((b) => a.inFlight <= b.inFlight));
      return tied[ctx.rng.int(tied.length)];
    },
  };
}
