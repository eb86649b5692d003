import type { Backend, Picker } from 'ballast';

/** The fewest in flight, and a draw among equals. One look at each backend finds both. */
export default function leastConnections(): Picker {
  return {
    pick(backends, request, ctx) {
      let least = Infinity;
      let tied: Backend[] = [];
      for (const backend of backends) {
        if (backend.inFlight > least) continue;
        if (backend.inFlight < least) tied = [];
        least = backend.inFlight;
        tied.push(backend);
      }
      return tied[ctx.rng.int(tied.length)];
    },
  };
}
