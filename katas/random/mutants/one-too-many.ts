/**
 * @misconception Places are counted from 1.
 * @fails Wrong answer: nothing was picked although a backend was eligible
 */
import type { Picker } from 'ballast';

export default function random(): Picker {
  return {
    pick: (backends, _request, ctx) => backends[ctx.rng.int(backends.length) + 1],
  };
}
