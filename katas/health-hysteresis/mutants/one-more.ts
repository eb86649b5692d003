/**
 * @misconception More than fall failures are needed, rather than fall of them.
 * @fails Wrong answer: a backend is taken out too late
 */
import type { Backend, HealthPolicy } from 'ballast';

export default function healthHysteresis({ fall, rise }: { fall: number; rise: number }): HealthPolicy {
  const states = new Map<Backend, { healthy: boolean; against: number }>();
  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      const state = states.get(backend) ?? { healthy: true, against: 0 };
      states.set(backend, state);
      state.against = signal.ok === state.healthy ? 0 : state.against + 1;
      if (state.against <= (state.healthy ? fall : rise)) return undefined;
      state.healthy = !state.healthy;
      state.against = 0;
      return state.healthy ? 'healthy' : 'unhealthy';
    },
  };
}
