import type { Picker } from 'ballast';

export default function powerOfTwoChoices(): Picker {
  return {
    pick(backends, request, ctx) {
      const first = backends[ctx.rng.int(backends.length)];
      return first;
    },
  };
}
