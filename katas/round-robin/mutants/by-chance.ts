/**
 * @misconception Over time chance is fair, so it may as well take turns.
 * @fails Wrong answer: a backend has a second turn before another has its first
 */
import type { Picker } from 'ballast';

export default function roundRobin(): Picker {
  return {
    pick: (backends, _request, ctx) => backends[ctx.rng.int(backends.length)],
  };
}
