/**
 * @misconception The way back is as long as the way out.
 * @fails Wrong answer: a backend is brought back too late
 */
import type { Backend, HealthPolicy } from 'ballast';

export default function healthHysteresis({ fall }: { fall: number }): HealthPolicy {
  const states = new Map<Backend, { healthy: boolean; against: number }>();
  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      const state = states.get(backend) ?? { healthy: true, against: 0 };
      states.set(backend, state);
      state.against = signal.ok === state.healthy ? 0 : state.against + 1;
      if (state.against < fall) return undefined;
      state.healthy = !state.healthy;
      state.against = 0;
      return state.healthy ? 'healthy' : 'unhealthy';
    },
  };
}
