/**
 * Linkerd's circuit breaker for one endpoint: `maxFailures` failures in a row take it out. After a penalty one request probes it alone; a success closes the
 * circuit and forgets everything, a failure doubles the penalty up to the maximum. Each penalty is longer by a random part of up to `jitterRatio`.
 *
 * Cost: O(1) a request, O(n) a sweep (10 a second), four numbers a backend.
 *
 * Fails when: errors come thinly: six failures of seven for ever take nobody out; and when all backends fail together, as there is no cap: requests then
 * wait or fail at once.
 *
 * Source: Linkerd documentation, circuit breaking (failure accrual "consecutive": 7 failures, penalty 1 s to 60 s, jitter 0.5); linkerd2-proxy, exp-backoff.
 */
import { invariant } from '../core/invariant.ts';
import type { HealthPolicy } from '../core/policy.ts';
import { markedDown } from './marked-down.ts';

export function consecutiveFailures({
  maxFailures = 7,
  minPenaltyUs = 1_000_000,
  maxPenaltyUs = 60_000_000,
  jitterRatio = 0.5,
}: {
  readonly maxFailures?: number;
  readonly minPenaltyUs?: number;
  readonly maxPenaltyUs?: number;
  readonly jitterRatio?: number;
} = {}): HealthPolicy {
  invariant(
    Number.isInteger(maxFailures) && maxFailures >= 1,
    `consecutive-failures: maxFailures must be a whole number of at least 1, found ${maxFailures}`,
  );
  invariant(
    minPenaltyUs > 0 && maxPenaltyUs >= minPenaltyUs,
    `consecutive-failures: minPenaltyUs must be above 0 and at most maxPenaltyUs, found ${minPenaltyUs} and ${maxPenaltyUs}`,
  );
  return markedDown(
    () => {
      let row = 0;
      return {
        condemns(failed) {
          row = failed ? row + 1 : 0;
          return row >= maxFailures;
        },
        acquit() {
          row = 0;
        },
      };
    },
    (nth, { rng }) => Math.round(doubled(minPenaltyUs, nth - 1, maxPenaltyUs) * (1 + jitterRatio * rng.float())),
  );
}

/** `base` doubled so many times, but no more than `most`. */
export function doubled(base: number, times: number, most: number): number {
  let value = base;
  for (let i = 0; i < times && value < most; i += 1) value *= 2;
  return Math.min(value, most);
}
