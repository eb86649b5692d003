/**
 * @misconception Right counts are enough: each backend has all its turns in a row.
 * @fails Wrong answer: picks come in bursts, or shares do not follow the weights
 */
import type { Backend, Picker } from 'ballast';

export default function weightedRoundRobin(): Picker {
  let list: Backend[] = [];
  let next = 0;
  return {
    onPoolChange(backends) {
      list = backends.flatMap((backend) => new Array<Backend>(backend.weight).fill(backend));
    },
    pick: () => list[next++ % list.length],
  };
}
