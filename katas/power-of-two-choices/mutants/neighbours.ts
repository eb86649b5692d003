/**
 * @misconception One draw is enough: the second candidate is the next in the list.
 * @fails Wrong answer: the candidates are neighbours in the list
 */
import type { Picker } from 'ballast';

export default function neighbours(): Picker {
  return {
    pick(backends, request, ctx) {
      const first = ctx.rng.int(backends.length);
      const [a, b] = [backends[first]!, backends[(first + 1) % backends.length]!];
      return b.inFlight < a.inFlight ? b : a;
    },
  };
}
