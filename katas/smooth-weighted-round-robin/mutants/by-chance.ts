/**
 * @misconception A weight is a probability, and over time that comes to the same.
 * @fails Wrong answer: picks come in bursts, or shares do not follow the weights
 */
import type { Picker } from 'ballast';

export default function weightedRandom(): Picker {
  return {
    pick(backends, request, ctx) {
      let point = ctx.rng.float() * backends.reduce((sum, { weight }) => sum + weight, 0);
      return backends.find(({ weight }) => (point -= weight) < 0) ?? backends[0];
    },
  };
}
