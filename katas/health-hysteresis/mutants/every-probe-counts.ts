/**
 * @misconception The last probe is the truth.
 * @fails Wrong answer: it flaps on alternating probes
 */
import type { HealthPolicy } from 'ballast';

export default function healthHysteresis(): HealthPolicy {
  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      return signal.ok ? 'healthy' : 'unhealthy';
    },
  };
}
