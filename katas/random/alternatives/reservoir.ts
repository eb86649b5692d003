import type { Backend, Picker } from 'ballast';

/** Going through the list once, the k-th backend replaces the choice so far with a chance of 1 / k. */
export default function random(): Picker {
  return {
    pick(backends, request, ctx) {
      let chosen: Backend | undefined;
      let seen = 0;
      for (const backend of backends) {
        seen++;
        if (ctx.rng.int(seen) === 0) chosen = backend;
      }
      return chosen;
    },
  };
}
