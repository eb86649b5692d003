/**
 * @misconception Sorting by what is in flight and taking the first is fair.
 * @fails Wrong answer: ties always go the same way
 */
import type { Picker } from 'ballast';

export default function sortedList(): Picker {
  return { pick: (backends) => [...backends].sort((a, b) => a.inFlight - b.inFlight || (a.id < b.id ? -1 : 1))[0] };
}
