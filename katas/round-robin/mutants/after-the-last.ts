/**
 * @misconception The next one is behind the last one, also when the last one has left.
 * @fails Wrong answer: a backend has a second turn before another has its first
 */
import type { Backend, Picker } from 'ballast';

export default function roundRobin(): Picker {
  let last: Backend | undefined;
  return {
    pick(backends) {
      const place = last === undefined ? -1 : backends.indexOf(last);
      last = backends[(place + 1) % backends.length];
      return last;
    },
  };
}
