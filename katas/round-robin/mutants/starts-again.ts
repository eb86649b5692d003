/**
 * @misconception A new list is a new round.
 * @fails Wrong answer: a backend has a second turn before another has its first
 */
import type { Picker } from 'ballast';

export default function roundRobin(): Picker {
  let next = 0;
  return {
    onPoolChange() {
      next = 0;
    },
    pick: (backends) => backends[next++ % backends.length],
  };
}
