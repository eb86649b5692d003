/**
 * @misconception The load is what is in flight for a backend’s weight, here as everywhere.
 * @fails Wrong answer: a busier backend is picked
 */
import type { Picker } from 'ballast';

export default function perWeight(): Picker {
  return {
    pick(backends, request, ctx) {
      const load = backends.map(({ inFlight, weight }) => inFlight / weight);
      const least = Math.min(...load);
      const tied = backends.filter((_, index) => load[index] === least);
      return tied[ctx.rng.int(tied.length)];
    },
  };
}
