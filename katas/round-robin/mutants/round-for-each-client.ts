/**
 * @misconception Each client's requests take turns, so all requests do.
 * @fails Wrong answer: a backend has a second turn before another has its first
 */
import type { Backend, Picker } from 'ballast';

export default function roundRobin(): Picker {
  const queues = new Map<string, Backend[]>();
  return {
    pick(backends, { client }) {
      const known = queues.get(client) ?? [];
      const staying = known.filter((backend) => backends.includes(backend));
      const queue = [...staying, ...backends.filter((backend) => !known.includes(backend))];
      const next = queue.shift()!;
      queues.set(client, [...queue, next]);
      return next;
    },
  };
}
