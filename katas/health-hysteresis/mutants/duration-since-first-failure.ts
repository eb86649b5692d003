/**
 * @misconception Probes come every second, so fall failures are as many seconds of failing.
 * @fails Wrong answer: a backend is taken out too early
 */
import type { Backend, HealthPolicy } from 'ballast';

export default function healthHysteresis({ fall, rise }: { fall: number; rise: number }): HealthPolicy {
  const failingSince = new Map<Backend, number>();
  const passes = new Map<Backend, number>();
  return {
    observe(backend, signal, { nowUs }) {
      if (signal.kind !== 'probe') return undefined;
      if (signal.ok) {
        failingSince.delete(backend);
        passes.set(backend, (passes.get(backend) ?? 0) + 1);
        return passes.get(backend)! >= rise ? 'healthy' : undefined;
      }
      passes.set(backend, 0);
      const since = failingSince.get(backend) ?? nowUs;
      failingSince.set(backend, since);
      // With room for probes that come a little early.
      return nowUs - since >= (fall - 1) * 1_000_000 - 100_000 ? 'unhealthy' : undefined;
    },
  };
}
