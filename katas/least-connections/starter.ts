import type { Picker } from 'ballast';

export default function leastConnections(): Picker {
  return {
    pick(backends, request, ctx) {
      return backends[ctx.rng.int(backends.length)];
    },
  };
}
