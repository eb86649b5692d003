/**
 * @misconception The first with the least is as good as any of them.
 * @fails Wrong answer: ties always go the same way
 */
import type { Picker } from 'ballast';

export default function firstOfEquals(): Picker {
  return { pick: (backends) => backends.reduce((a, b) => (b.inFlight < a.inFlight ? b : a)) };
}
