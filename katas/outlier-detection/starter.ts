import type { HealthPolicy } from 'ballast';

export default function outlierDetection(): HealthPolicy {
  return {
    observe(backend, signal, ctx) {
      return undefined;
    },
    sweep(backends, ctx) {
      return undefined;
    },
  };
}
