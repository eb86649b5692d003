/**
 * @misconception A list with everybody as often as its weight is smooth once it is shuffled.
 * @fails Wrong answer: picks come in bursts, or shares do not follow the weights
 */
import type { Backend, Picker } from 'ballast';

export default function shuffledList(): Picker {
  let list: Backend[] = [];
  return {
    onPoolChange() {
      list = [];
    },
    pick(backends, request, ctx) {
      if (list.length === 0) list = backends.flatMap((backend) => new Array<Backend>(backend.weight).fill(backend));
      return list.splice(ctx.rng.int(list.length), 1)[0];
    },
  };
}
