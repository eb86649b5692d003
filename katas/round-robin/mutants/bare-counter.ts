/**
 * @misconception A counter modulo the length survives a change of the length.
 * @fails Wrong answer: a backend has a second turn before another has its first
 */
import type { Picker } from 'ballast';

export default function roundRobin(): Picker {
  let next = 0;
  return {
    pick: (backends) => backends[next++ % backends.length],
  };
}
