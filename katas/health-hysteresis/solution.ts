import type { Backend, HealthPolicy } from 'ballast';

/**
 * One number for each backend: how many results in a row speak against what it is held for. A result that agrees sets it
 * back to 0; reaching the threshold turns the backend over, and then the other threshold counts.
 */
export default function healthHysteresis({ fall, rise }: { fall: number; rise: number }): HealthPolicy {
  const states = new Map<Backend, { healthy: boolean; against: number }>();

  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      const state = states.get(backend) ?? { healthy: true, against: 0 };
      states.set(backend, state);

      state.against = signal.ok === state.healthy ? 0 : state.against + 1;
      if (state.against < (state.healthy ? fall : rise)) return undefined;
      state.healthy = !state.healthy;
      state.against = 0;
      return state.healthy ? 'healthy' : 'unhealthy';
    },
  };
}
