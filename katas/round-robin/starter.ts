import type { Picker } from 'ballast';

export default function roundRobin(): Picker {
  const next = 0;

  return {
    pick(backends, request, ctx) {
      return backends[next];
    },
  };
}
