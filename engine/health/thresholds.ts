/**
 * Consecutive thresholds: a healthy backend goes out after `fall` failures in a row, an unhealthy one comes back after `rise` passes in a row.
 * One result the other way starts the count again; in between, the state stays. This gap is the hysteresis that keeps a flickering backend
 * from flapping.
 *
 * Cost: O(1) a signal, two numbers a backend.
 *
 * Fails when: the check asks the wrong question: a backend that answers a TCP check but hangs on requests passes for ever. Detection takes its
 * time: with a probe each `interval` that is refused at once, a crash is noticed after (fall - 1) to fall intervals; where probes time
 * out, the timeout comes on top. A backend that fails less than `fall` times in a row is never taken out, however often it fails. As a judge of real responses it never takes
 * anybody back: who is out gets no requests.
 *
 * Source: HAProxy configuration manual, `fall` (default 3) and `rise` (default 2).
 *
 * Real systems: HAProxy starts a server at the border, so its first check decides alone; here every backend starts firmly healthy. AWS ALB needs 5
 * passes and 2 failures by default. Envoy skips the count and
 * takes a backend out at once when an HTTP check answers with an unexpected status.
 */
import { invariant } from '../core/invariant.ts';
import type { Backend, HealthPolicy, HealthSignal } from '../core/policy.ts';

export function thresholds({
  fall = 3,
  rise = 2,
}: { readonly fall?: number; readonly rise?: number } = {}): HealthPolicy {
  invariant(
    Number.isInteger(fall) && fall >= 1,
    `thresholds: fall must be a whole number of at least 1, found ${fall}`,
  );
  invariant(
    Number.isInteger(rise) && rise >= 1,
    `thresholds: rise must be a whole number of at least 1, found ${rise}`,
  );
  const states = new WeakMap<Backend, { healthy: boolean; against: number }>();

  return {
    observe(backend, signal) {
      const state = states.get(backend) ?? { healthy: true, against: 0 };
      states.set(backend, state);
      if (passed(signal) === state.healthy) {
        state.against = 0;
        return undefined;
      }
      state.against += 1;
      if (state.against < (state.healthy ? fall : rise)) return undefined;
      state.healthy = !state.healthy;
      state.against = 0;
      return state.healthy ? 'healthy' : 'unhealthy';
    },
  };
}

function passed(signal: HealthSignal): boolean {
  if (signal.kind === 'probe') return signal.ok;
  return signal.outcome.kind === 'served' && signal.outcome.status < 500;
}
