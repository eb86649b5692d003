import type { Picker } from 'ballast';

/** The definition, word for word. */
export default function leastConnections(): Picker {
  return {
    pick(backends, request, ctx) {
      const least = Math.min(...backends.map(({ inFlight }) => inFlight));
      const tied = backends.filter(({ inFlight }) => inFlight === least);
      return tied[ctx.rng.int(tied.length)];
    },
  };
}
