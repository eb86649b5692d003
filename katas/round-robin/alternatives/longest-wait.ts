import type { Backend, Picker } from 'ballast';

/** Whoever was picked longest ago is due. No need to know what changed. */
export default function roundRobin(): Picker {
  const lastTurn = new Map<Backend, number>();
  let turn = 0;
  const of = (backend: Backend) => lastTurn.get(backend) ?? 0;

  return {
    pick(backends) {
      let chosen = backends[0]!;
      for (const backend of backends) {
        if (of(backend) < of(chosen)) chosen = backend;
      }
      lastTurn.set(chosen, ++turn);
      return chosen;
    },
  };
}
