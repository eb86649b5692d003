/**
 * Envoy's retry budget: at most a share of the requests under way may be retries, and always at least `minimum`. Thus a pool where everything fails gets
 * 20 % more load, not four times as much.
 *
 * Cost: O(1), three numbers.
 * Fails when: the minimum is large for the pool's traffic; each balancer counts on its own.
 * Source: Envoy, circuit_breaker.proto (RetryBudget: 20 %, 3) and resource_manager_impl.h.
 */
import type { RetryBudget } from './retry-budget.ts';

/** `percent` of the requests that are active or wait for a connection, rounded down. */
export function retriesAllowed(percent: number, minimum: number, active: number, pending: number): number {
  return Math.max(minimum, Math.floor(((active + pending) * percent) / 100));
}

export function concurrentRetryBudget({ percent, minimum }: { percent: number; minimum: number }): RetryBudget {
  let active = 0;
  let retries = 0;
  return {
    onRequest() {
      active++;
    },
    allows() {
      if (retries >= retriesAllowed(percent, minimum, active, 0)) return false;
      retries++;
      return true;
    },
    onFailure() {},
    onAnswer() {
      active--;
    },
    onRetryEnd() {
      retries--;
    },
  };
}
