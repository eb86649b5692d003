import type { HealthPolicy } from 'ballast';

export default function healthHysteresis({ fall, rise }: { fall: number; rise: number }): HealthPolicy {
  return {
    observe(backend, signal, ctx) {
      if (signal.kind !== 'probe') return undefined;
      return signal.ok ? 'healthy' : 'unhealthy';
    },
  };
}
