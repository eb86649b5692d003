/**
 * Finagle's failure accrual: a backend is marked dead after `consecutive` failures in a row, or when less than `successRate` of its requests succeed, as an
 * average that forgets with `windowUs`. It stays dead for a time that doubles from `startUs` to `maxUs`, half of it fixed and half random (equal jitter), then
 * one request probes it: a success revives it, a failure marks it dead for longer.
 *
 * Cost: O(1) a request, O(n) a sweep (10 a second), seven numbers a backend.
 *
 * Fails when: a backend has few requests: the rate needs `minimumRequests` to mean anything, and five failures in a row take long to gather.
 *
 * Source: Finagle user guide, client modules, failure accrual (hybrid policy: 5 in a row, or below 80 % over 30 s; 5 s to 300 s); FailureAccrualFactory
 * and Backoff.equalJittered. Its window is a moving average as here; the least number of requests is 5 within the window.
 */
import { invariant } from '../core/invariant.ts';
import { exp } from '../core/maths.ts';
import type { HealthPolicy } from '../core/policy.ts';
import { doubled } from './consecutive-failures.ts';
import { markedDown } from './marked-down.ts';

export function failureAccrual({
  consecutive = 5,
  successRate = 0.8,
  windowUs = 30_000_000,
  minimumRequests = 5,
  startUs = 5_000_000,
  maxUs = 300_000_000,
}: {
  readonly consecutive?: number;
  readonly successRate?: number;
  readonly windowUs?: number;
  readonly minimumRequests?: number;
  readonly startUs?: number;
  readonly maxUs?: number;
} = {}): HealthPolicy {
  invariant(
    Number.isInteger(consecutive) && consecutive >= 1,
    `failure-accrual: consecutive must be a whole number of at least 1, found ${consecutive}`,
  );
  invariant(startUs > 0 && maxUs >= startUs, `failure-accrual: startUs must be above 0 and at most maxUs`);
  return markedDown(
    () => {
      let row = 0;
      let requests = 0;
      let rate = 1;
      let lastUs = 0;
      return {
        condemns(failed, { nowUs }) {
          row = failed ? row + 1 : 0;
          const kept = requests === 0 ? 1 : exp((lastUs - nowUs) / windowUs);
          requests += 1;
          rate = rate * kept + (failed ? 0 : 1) * (1 - kept);
          lastUs = nowUs;
          return row >= consecutive || (requests >= minimumRequests && rate < successRate);
        },
        acquit() {
          row = 0;
          requests = 0;
          rate = 1;
        },
      };
    },
    (nth, { rng }) => Math.round((doubled(startUs, nth - 1, maxUs) / 2) * (1 + rng.float())),
  );
}
