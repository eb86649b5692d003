import type { Backend, Picker } from 'ballast';

/**
 * The turns are a queue of backends, not a place in a list: whoever is picked goes to the end. When the pool changes, those who stay
 * keep their place in it and newcomers line up behind them, so a change moves nobody's turn.
 */
export default function roundRobin(): Picker {
  let queue: Backend[] = [];

  return {
    onPoolChange(backends) {
      const staying = queue.filter((backend) => backends.includes(backend));
      const joining = backends.filter((backend) => !queue.includes(backend));
      queue = [...staying, ...joining];
    },
    pick() {
      const next = queue.shift();
      if (next !== undefined) queue.push(next);
      return next;
    },
  };
}
