import type { Picker } from 'ballast';

/** Draws again until the second is another. It takes 1 + 1 / (n - 1) draws on average: twice with two backends, hardly ever with many. */
export default function powerOfTwoChoices(): Picker {
  return {
    pick(backends, request, { rng }) {
      const draw = () => backends[Math.floor(rng.float() * backends.length)]!;
      const a = draw();
      if (backends.length === 1) return a;
      let b = draw();
      while (b === a) b = draw();
      return a.inFlight < b.inFlight ? a : b;
    },
  };
}
