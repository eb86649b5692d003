/**
 * @misconception The list of the first pick is good for ever.
 * @fails Wrong answer: pick() returned something that is no possible answer
 */
import type { Backend, Picker } from 'ballast';

export default function roundRobin(): Picker {
  let list: readonly Backend[] = [];
  let next = 0;
  return {
    pick(backends) {
      if (list.length === 0) list = backends;
      return list[next++ % list.length];
    },
  };
}
