/**
 * @misconception Rounding spreads evenly over the places; the first and the last get half.
 * @fails Wrong answer: the backends do not have equal chances
 */
import type { Picker } from 'ballast';

export default function random(): Picker {
  return {
    pick: (backends, _request, ctx) => backends[Math.round(ctx.rng.float() * (backends.length - 1))],
  };
}
