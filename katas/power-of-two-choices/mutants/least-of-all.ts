/**
 * @misconception Two choices is an approximation of least connections, so the least of all is even better.
 * @fails Wrong answer: the ranks of those picked do not agree with 2 random candidates
 */
import type { Picker } from 'ballast';

export default function leastOfAll(): Picker {
  return {
    pick(backends, request, ctx) {
      const least = Math.min(...backends.map(({ inFlight }) => inFlight));
      const tied = backends.filter(({ inFlight }) => inFlight === least);
      return tied[ctx.rng.int(tied.length)];
    },
  };
}
