/**
 * @misconception On the way back a failure in between does not matter.
 * @fails Wrong answer: a backend is brought back too early
 */
import type { Backend, HealthPolicy } from 'ballast';

export default function healthHysteresis({ fall, rise }: { fall: number; rise: number }): HealthPolicy {
  const states = new Map<Backend, { healthy: boolean; failures: number; passes: number }>();
  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      const state = states.get(backend) ?? { healthy: true, failures: 0, passes: 0 };
      states.set(backend, state);
      if (signal.ok) state.passes++;
      state.failures = signal.ok ? 0 : state.failures + 1;
      if (state.healthy ? state.failures < fall : state.passes < rise) return undefined;
      state.healthy = !state.healthy;
      state.failures = 0;
      state.passes = 0;
      return state.healthy ? 'healthy' : 'unhealthy';
    },
  };
}
