/**
 * @misconception The index is still good when the list is shorter.
 * @fails Wrong answer: nothing was picked although a backend was eligible
 */
import type { Picker } from 'ballast';

export default function roundRobin(): Picker {
  let next = 0;
  return {
    pick(backends) {
      const chosen = backends[next];
      next = next + 1 === backends.length ? 0 : next + 1;
      return chosen;
    },
  };
}
