/**
 * @misconception Equal shares are all that chance means.
 * @fails Wrong answer: the next pick can be foretold from the last
 */
import type { Picker } from 'ballast';

export default function random(): Picker {
  let next = 0;
  return {
    pick: (backends) => backends[next++ % backends.length],
  };
}
