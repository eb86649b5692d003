/**
 * @misconception Failures add up, however many passes lie between them.
 * @fails Wrong answer: a backend is taken out too early
 */
import type { Backend, HealthPolicy } from 'ballast';

export default function healthHysteresis({ fall, rise }: { fall: number; rise: number }): HealthPolicy {
  const failures = new Map<Backend, number>();
  const passes = new Map<Backend, number>();
  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      if (signal.ok) {
        passes.set(backend, (passes.get(backend) ?? 0) + 1);
        if (passes.get(backend)! < rise || (failures.get(backend) ?? 0) < fall) return undefined;
        failures.set(backend, 0);
        return 'healthy';
      }
      passes.set(backend, 0);
      failures.set(backend, (failures.get(backend) ?? 0) + 1);
      return failures.get(backend)! >= fall ? 'unhealthy' : undefined;
    },
  };
}
