import type { Backend, HealthPolicy } from 'ballast';

/** Keeps the last results of each backend and asks whether they all say the same. */
export default function healthHysteresis({ fall, rise }: { fall: number; rise: number }): HealthPolicy {
  const results = new Map<Backend, boolean[]>();

  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      const last = [...(results.get(backend) ?? []), signal.ok].slice(-Math.max(fall, rise));
      results.set(backend, last);
      if (last.length >= fall && last.slice(-fall).every((ok) => !ok)) return 'unhealthy';
      if (last.length >= rise && last.slice(-rise).every((ok) => ok)) return 'healthy';
      return undefined;
    },
  };
}
