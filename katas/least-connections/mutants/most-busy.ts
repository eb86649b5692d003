/**
 * @misconception The backend with the most in flight is evidently the one that can take most.
 * @fails Wrong answer: a busier backend is picked
 */
import type { Picker } from 'ballast';

export default function mostBusy(): Picker {
  return { pick: (backends) => backends.reduce((a, b) => (b.inFlight > a.inFlight ? b : a)) };
}
