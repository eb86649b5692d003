import type { Picker } from 'ballast';

/** A fraction of the length, rounded down. */
export default function random(): Picker {
  return {
    pick(backends, request, ctx) {
      const place = Math.floor(ctx.rng.float() * backends.length);
      return backends[place];
    },
  };
}
