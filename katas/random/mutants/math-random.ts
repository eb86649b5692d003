/**
 * @misconception Any source of chance will do.
 * @fails Does not compile
 */
import type { Picker } from 'ballast';

export default function random(): Picker {
  return {
    pick: (backends) => backends[Math.floor(Math.random() * backends.length)],
  };
}
