/**
 * @misconception As long as there are as many backends as before, they are the same ones.
 * @fails Wrong answer: a backend has a second turn before another has its first
 */
import type { Backend, Picker } from 'ballast';

export default function roundRobin(): Picker {
  let queue: Backend[] = [];
  return {
    pick(backends) {
      if (backends.length !== queue.length) {
        const staying = queue.filter((backend) => backends.includes(backend));
        queue = [...staying, ...backends.filter((backend) => !queue.includes(backend))];
      }
      const next = queue.shift()!;
      queue.push(next);
      return backends.includes(next) ? next : backends[0];
    },
  };
}
