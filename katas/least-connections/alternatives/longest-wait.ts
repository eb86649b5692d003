import type { Backend, Picker } from 'ballast';

/** Ties go to who has waited longest, as in HAProxy: no draw, and no favourite either. */
export default function leastConnections(): Picker {
  const lastTurn = new Map<Backend, number>();
  let turn = 0;

  return {
    pick(backends) {
      const waits = (backend: Backend) => lastTurn.get(backend) ?? 0;
      const chosen = backends.reduce((a, b) => {
        if (a.inFlight !== b.inFlight) return a.inFlight < b.inFlight ? a : b;
        return waits(b) < waits(a) ? b : a;
      });
      lastTurn.set(chosen, ++turn);
      return chosen;
    },
  };
}
