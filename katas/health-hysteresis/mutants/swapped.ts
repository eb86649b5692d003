/**
 * @misconception rise is for the way out and fall for the way back.
 * @fails Wrong answer: a backend is taken out too early
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
      if (state.against < (state.healthy ? rise : fall)) return undefined;
      state.healthy = !state.healthy;
      state.against = 0;
      return state.healthy ? 'healthy' : 'unhealthy';
    },
  };
}
