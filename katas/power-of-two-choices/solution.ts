import type { Picker } from 'ballast';

/** The second is drawn from the places that the first leaves: one fewer, and those from the first on are one further. */
export default function powerOfTwoChoices(): Picker {
  return {
    pick(backends, request, ctx) {
      if (backends.length === 1) return backends[0];
      const first = ctx.rng.int(backends.length);
      let second = ctx.rng.int(backends.length - 1);
      if (second >= first) second += 1;
      const [a, b] = [backends[first]!, backends[second]!];
      return b.inFlight < a.inFlight ? b : a;
    },
  };
}
