/**
 * Envoy's active check: a healthy backend goes out after `fall` failures in a row, an unhealthy one comes back after `rise` passes, and two things decide alone:
 * an HTTP answer with an unexpected status or body takes a backend out at once, whatever `fall` says, and the first pass of a backend that was never
 * checked brings it in.
 *
 * Cost: O(1) a signal, two numbers a backend.
 *
 * Fails when: a single 503 during a deployment is normal: `fall` does not apply to it.
 *
 * Source: Envoy, `unhealthy_threshold` and `healthy_threshold` of its health check documentation; a failure status is "immediately unhealthy" unless it is
 * listed in `retriable_statuses`, which here is `retriable`.
 */
import { invariant } from '../core/invariant.ts';
import type { Backend, HealthPolicy } from '../core/policy.ts';

export function envoyCheck({
  fall = 3,
  rise = 2,
  retriable = false,
}: {
  readonly fall?: number;
  readonly rise?: number;
  /** Let unexpected statuses count like any failure. */
  readonly retriable?: boolean;
} = {}): HealthPolicy {
  for (const [name, value] of Object.entries({ fall, rise })) {
    invariant(
      Number.isInteger(value) && value >= 1,
      `envoy-check: ${name} must be a whole number of at least 1, found ${value}`,
    );
  }
  const states = new WeakMap<Backend, { healthy: boolean; against: number; first: boolean }>();

  return {
    observe(backend, signal) {
      if (signal.kind !== 'probe') return undefined;
      const state = states.get(backend) ?? { healthy: true, against: 0, first: true };
      states.set(backend, state);
      const { first } = state;
      state.first = false;
      if (signal.ok === state.healthy) {
        state.against = 0;
        return undefined;
      }
      state.against += 1;
      const answered = signal.reason === 'status' || signal.reason === 'body' || signal.reason === 'dependency';
      const atOnce = !signal.ok && signal.check !== 'grpc' && answered && !retriable;
      if (!first && !atOnce && state.against < (state.healthy ? fall : rise)) return undefined;
      if (first && !atOnce && state.against < fall) return undefined;
      state.healthy = !state.healthy;
      state.against = 0;
      return state.healthy ? 'healthy' : 'unhealthy';
    },
  };
}
