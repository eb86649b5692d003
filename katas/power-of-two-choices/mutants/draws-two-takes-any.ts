/**
 * @misconception Having two candidates is what helps; which of them is taken does not matter.
 * @fails Wrong answer: the busiest of all is picked
 */
import type { Picker } from 'ballast';

export default function drawsTwoTakesAny(): Picker {
  return {
    pick(backends, request, ctx) {
      if (backends.length === 1) return backends[0];
      const first = ctx.rng.int(backends.length);
      const second = (first + 1 + ctx.rng.int(backends.length - 1)) % backends.length;
      return backends[ctx.rng.int(2) === 0 ? first : second];
    },
  };
}
