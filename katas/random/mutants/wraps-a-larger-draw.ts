/**
 * @misconception A draw that is too large for the list may be wrapped round to its start: everybody still has the same chance.
 * @fails Wrong answer: the backends do not have equal chances
 */
import type { Picker } from 'ballast';

export default function random(): Picker {
  let places = 0;
  return {
    pick(backends, _request, ctx) {
      if (backends.length > places) places = backends.length;
      return backends[ctx.rng.int(places) % backends.length];
    },
  };
}
