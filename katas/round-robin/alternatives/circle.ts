import type { Backend, Picker } from 'ballast';

/** A place in the circle, moved to the next one still there when the circle changes. */
export default function roundRobin(): Picker {
  let circle: readonly Backend[] = [];
  let due = 0;

  return {
    onPoolChange(backends) {
      if (backends.length === 0) return;
      const inOrder = [...circle.slice(due), ...circle.slice(0, due)];
      const next = inOrder.find((backend) => backends.includes(backend));
      due = next === undefined ? 0 : backends.indexOf(next);
      circle = backends;
    },
    pick(backends) {
      const chosen = backends[due];
      due = (due + 1) % backends.length;
      return chosen;
    },
  };
}
