/**
 * @misconception The least busy is found when the pool changes.
 * @fails Wrong answer: a busier backend is picked
 */
import type { Backend, Picker } from 'ballast';

export default function decidedAtChange(): Picker {
  let order: Backend[] = [];
  let next = 0;
  return {
    onPoolChange(backends) {
      order = [...backends].sort((a, b) => a.inFlight - b.inFlight);
    },
    pick: () => order[next++ % order.length],
  };
}
