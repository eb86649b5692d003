/**
 * @misconception One counter goes up on a failure and down on a pass; the ends are the thresholds.
 * @fails Wrong answer: a backend is brought back too late
 */
import type { Backend, HealthPolicy } from 'ballast';

export default function healthHysteresis({ fall }: { fall: number }): HealthPolicy {
  const counters = new Map<Backend, number>();
  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      const before = counters.get(backend) ?? 0;
      const counter = Math.min(fall, Math.max(0, before + (signal.ok ? -1 : 1)));
      counters.set(backend, counter);
      if (counter === fall) return 'unhealthy';
      return counter === 0 ? 'healthy' : undefined;
    },
  };
}
