import type { Picker } from 'ballast';

/** One draw among all pairs; of two that are as busy, the one further ahead in the list. */
export default function powerOfTwoChoices(): Picker {
  return {
    pick(backends, request, ctx) {
      if (backends.length < 2) return backends[0];
      const pair = ctx.rng.int((backends.length * (backends.length - 1)) / 2);
      // Pairs in the order (0, 1), (0, 2), (1, 2), (0, 3) …: those below `later` come before.
      const later = Math.floor((1 + Math.sqrt(1 + 8 * pair)) / 2);
      const earlier = pair - (later * (later - 1)) / 2;
      const [a, b] = [backends[earlier]!, backends[later]!];
      return a.inFlight <= b.inFlight ? a : b;
    },
  };
}
