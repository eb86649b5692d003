/**
 * @misconception One pass shows that it is well again.
 * @fails Wrong answer: a backend is brought back too early
 */
import type { Backend, HealthPolicy } from 'ballast';

export default function healthHysteresis({ fall }: { fall: number }): HealthPolicy {
  const failures = new Map<Backend, number>();
  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      failures.set(backend, signal.ok ? 0 : (failures.get(backend) ?? 0) + 1);
      if (signal.ok) return 'healthy';
      return failures.get(backend)! >= fall ? 'unhealthy' : undefined;
    },
  };
}
