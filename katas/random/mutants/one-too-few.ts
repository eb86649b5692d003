/**
 * @misconception int(bound) includes its bound.
 * @fails Wrong answer: a backend is never picked
 */
import type { Picker } from 'ballast';

export default function random(): Picker {
  return {
    pick: (backends, _request, ctx) => backends[ctx.rng.int(Math.max(1, backends.length - 1))],
  };
}
