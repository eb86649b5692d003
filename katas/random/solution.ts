import type { Picker } from 'ballast';

/** `int(n)` is a whole number from 0 to n - 1, each with the same chance: exactly the places of a list of n. */
export default function random(): Picker {
  return {
    pick: (backends, _request, ctx) => backends[ctx.rng.int(backends.length)],
  };
}
