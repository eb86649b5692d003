/**
 * @misconception The first is as good as any.
 * @fails Wrong answer: a backend is never picked
 */
import type { Picker } from 'ballast';

export default function random(): Picker {
  return {
    pick: (backends) => backends[0],
  };
}
