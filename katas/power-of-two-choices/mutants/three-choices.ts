/**
 * @misconception Three candidates are better than two.
 * @fails Wrong answer: the ranks of those picked do not agree with 2 random candidates
 */
import type { Picker } from 'ballast';

export default function threeChoices(): Picker {
  return {
    pick(backends, request, ctx) {
      if (backends.length < 3) return backends.reduce((a, b) => (b.inFlight < a.inFlight ? b : a));
      const places: number[] = [];
      while (places.length < 3) {
        const place = ctx.rng.int(backends.length);
        if (!places.includes(place)) places.push(place);
      }
      return places.map((place) => backends[place]!).reduce((a, b) => (b.inFlight < a.inFlight ? b : a));
    },
  };
}
