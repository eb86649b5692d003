/**
 * @misconception A weight is a chance.
 * @fails Wrong answer: the backends do not have equal chances
 */
import type { Picker } from 'ballast';

export default function random(): Picker {
  return {
    pick(backends, _request, ctx) {
      const total = backends.reduce((sum, backend) => sum + backend.weight, 0);
      let point = ctx.rng.float() * total;
      return backends.find((backend) => (point -= backend.weight) < 0);
    },
  };
}
