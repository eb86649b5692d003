/**
 * @misconception Two draws from the list are two choices.
 * @fails Wrong answer: the busiest of all is picked
 */
import type { Picker } from 'ballast';

export default function sameOneTwice(): Picker {
  return {
    pick(backends, request, ctx) {
      const a = backends[ctx.rng.int(backends.length)]!;
      const b = backends[ctx.rng.int(backends.length)]!;
      return b.inFlight < a.inFlight ? b : a;
    },
  };
}
