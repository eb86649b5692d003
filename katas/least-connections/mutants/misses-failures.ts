/**
 * @misconception A request that failed does not count as ended.
 * @fails Wrong answer: a busier backend is picked
 */
import type { Backend, Picker } from 'ballast';

export default function missesFailures(): Picker {
  const inFlight = new Map<Backend, number>();
  const add = (backend: Backend, by: number) => inFlight.set(backend, (inFlight.get(backend) ?? 0) + by);
  return {
    pick(backends, request, ctx) {
      const least = Math.min(...backends.map((backend) => inFlight.get(backend) ?? 0));
      const tied = backends.filter((backend) => (inFlight.get(backend) ?? 0) === least);
      return tied[ctx.rng.int(tied.length)];
    },
    onRequestStart: (backend) => void add(backend, 1),
    onRequestEnd(backend, request, outcome) {
      if (outcome.kind === 'served') add(backend, -1);
    },
  };
}
