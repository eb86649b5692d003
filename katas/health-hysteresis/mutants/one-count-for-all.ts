/**
 * @misconception All backends can share one count.
 * @fails Wrong answer: a backend is taken out too early
 */
import type { HealthPolicy } from 'ballast';

export default function healthHysteresis({ fall, rise }: { fall: number; rise: number }): HealthPolicy {
  let failures = 0;
  let passes = 0;
  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      failures = signal.ok ? 0 : failures + 1;
      passes = signal.ok ? passes + 1 : 0;
      if (failures >= fall) return 'unhealthy';
      if (passes >= rise) return 'healthy';
      return undefined;
    },
  };
}
