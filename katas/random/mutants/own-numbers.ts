/**
 * @misconception Any generator will do, so one may as well be written here: but it begins with the same number everywhere.
 * @fails Wrong answer: two pools pick in step
 */
import type { Picker } from 'ballast';

export default function ownNumbers(): Picker {
  let state = 42;
  return {
    pick(backends) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return backends[Math.floor((state / 2 ** 32) * backends.length)];
    },
  };
}
