import type { Backend, Picker } from 'ballast';

/** Envoy's idea: the next turn of a backend is due 1 / weight after its last; the earliest is served. Newcomers join at the time it is now. */
export default function earliestDeadlineFirst(): Picker {
  const due = new Map<Backend, number>();
  let now = 0;

  return {
    pick(backends) {
      let first: Backend | undefined;
      for (const backend of backends) {
        const at = due.get(backend);
        if (at === undefined || at < now) due.set(backend, now + 1 / backend.weight);
        if (first === undefined || due.get(backend)! < due.get(first)!) first = backend;
      }
      if (first === undefined) return undefined;
      now = due.get(first)!;
      due.set(first, now + 1 / first.weight);
      return first;
    },
  };
}
