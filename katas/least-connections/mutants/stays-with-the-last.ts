/**
 * @misconception As long as the last one is among the least, there is no reason to change.
 * @fails Wrong answer: ties always go the same way
 */
import type { Backend, Picker } from 'ballast';

export default function staysWithTheLast(): Picker {
  let last: Backend | undefined;
  return {
    pick(backends, request, ctx) {
      const least = Math.min(...backends.map(({ inFlight }) => inFlight));
      const tied = backends.filter(({ inFlight }) => inFlight === least);
      if (last === undefined || !tied.includes(last)) last = tied[ctx.rng.int(tied.length)];
      return last;
    },
  };
}
