/**
 * @misconception Among equals the heavier one has more room.
 * @fails Wrong answer: the backends do not have equal chances
 */
import type { Picker } from 'ballast';

export default function weightedTies(): Picker {
  return {
    pick(backends, request, ctx) {
      const least = Math.min(...backends.map(({ inFlight }) => inFlight));
      const tied = backends.filter(({ inFlight }) => inFlight === least);
      let left = ctx.rng.int(tied.reduce((sum, { weight }) => sum + weight, 0));
      return tied.find(({ weight }) => (left -= weight) < 0);
    },
  };
}
