/**
 * @misconception A refused connection and a timeout are two different failures: each has its own streak.
 * @fails Wrong answer: a backend is taken out too late
 */
import type { Backend, HealthPolicy } from 'ballast';

export default function healthHysteresis({ fall, rise }: { fall: number; rise: number }): HealthPolicy {
  const streaks = new Map<Backend, { reason: string; length: number }>();
  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      const { ok, reason } = signal;
      const before = streaks.get(backend);
      const length = before?.reason === reason ? before.length + 1 : 1;
      streaks.set(backend, { reason, length });
      if (ok) return length >= rise ? 'healthy' : undefined;
      return length >= fall ? 'unhealthy' : undefined;
    },
  };
}
