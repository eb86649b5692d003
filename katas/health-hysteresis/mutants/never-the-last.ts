/**
 * @misconception The last backend stays in, however often it fails: somebody has to serve.
 * @fails Wrong answer: a backend is taken out too late
 */
import type { Backend, HealthPolicy } from 'ballast';

export default function healthHysteresis({ fall, rise }: { fall: number; rise: number }): HealthPolicy {
  const states = new Map<Backend, { healthy: boolean; against: number }>();
  let inPool = 0;
  return {
    onPoolChange(backends) {
      inPool = backends.length;
      for (const backend of states.keys()) if (!backends.includes(backend)) states.delete(backend);
    },
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      const state = states.get(backend) ?? { healthy: true, against: 0 };
      states.set(backend, state);
      state.against = signal.ok === state.healthy ? 0 : state.against + 1;
      if (state.against < (state.healthy ? fall : rise)) return undefined;
      const out = [...states.values()].filter(({ healthy }) => !healthy).length;
      if (state.healthy && out + 1 >= inPool) return undefined;
      state.healthy = !state.healthy;
      state.against = 0;
      return state.healthy ? 'healthy' : 'unhealthy';
    },
  };
}
