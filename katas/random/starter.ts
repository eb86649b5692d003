import type { Picker } from 'ballast';

export default function random(): Picker {
  return {
    pick(backends, request, ctx) {
      // return backends[ctx.rng.int(backends.length)];
      return backends[0];
    },
  };
}
