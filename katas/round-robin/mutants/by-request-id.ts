/**
 * @misconception Request numbers count the requests of this pool.
 * @fails Wrong answer: a backend has a second turn before another has its first
 */
import type { Picker } from 'ballast';

export default function roundRobin(): Picker {
  return {
    pick: (backends, request) => backends[request.id % backends.length],
  };
}
