import type { Picker } from 'ballast';

export default function smoothWeightedRoundRobin(): Picker {
  let next = 0;

  return {
    pick(backends, request, ctx) {
      next = (next + 1) % backends.length;
      return backends[next];
    },
  };
}
