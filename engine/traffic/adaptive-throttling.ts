/**
 * Adaptive throttling: who is refused often enough begins to refuse by itself. Over the last `windowUs` it counts requests and accepts, and refuses with probability
 *
 *   max(0, (requests - k * accepts) / (requests + 1))
 *
 * With k = 2 nothing is refused until half of the requests fail, and about as many requests reach the backends as they serve, twice over: enough to notice when they recover.
 *
 * Cost: O(1) a request, with a ring of 120 steps in place of a log. Memory: 240 numbers.
 *
 * Fails when: few requests come: then there is little to learn from, and one failure weighs much.
 *
 * Source: Beyer and others, "Site Reliability Engineering", O'Reilly 2016, chapter 21, "Handling overload", client-side throttling; two minutes and k = 2 are its figures.
 *
 * Real systems: Envoy's admission control filter is a relative with a success rate in place of accepts. An accept is any answer but 429, 502, 503 and 504, or none.
 */
import type { AdmissionPolicy } from '../core/policy.ts';

export interface AdaptiveThrottlingOptions {
  readonly k?: number;
  readonly windowUs?: number;
}

const STEPS = 120;
const RETRY_AFTER_US = 1_000_000;

export function adaptiveThrottling({ k = 2, windowUs = 120_000_000 }: AdaptiveThrottlingOptions = {}): AdmissionPolicy {
  const stepUs = windowUs / STEPS;
  const requests = new Float64Array(STEPS);
  const accepts = new Float64Array(STEPS);
  let step = 0;
  let allRequests = 0;
  let allAccepts = 0;

  /** Forgets the steps that left the window. Answers the place of the current one. */
  function placeAt(nowUs: number): number {
    const now = Math.floor(nowUs / stepUs);
    for (let left = Math.min(now - step, STEPS); left > 0; left--) {
      const place = (now - left + 1) % STEPS;
      allRequests -= requests[place]!;
      allAccepts -= accepts[place]!;
      requests[place] = accepts[place] = 0;
    }
    step = now;
    return now % STEPS;
  }

  return {
    admit(_, ctx) {
      const place = placeAt(ctx.nowUs);
      const probability = rejectProbability(allRequests, allAccepts, k);
      requests[place]!++;
      allRequests++;
      return probability > 0 && ctx.rng.float() < probability ? RETRY_AFTER_US : undefined;
    },
    onAnswer(_request, status, _latencyUs, ctx) {
      if (status === 0 || status === 429 || (status >= 502 && status <= 504)) return;
      const place = placeAt(ctx.nowUs);
      accepts[place]!++;
      allAccepts++;
    },
  };
}

export function rejectProbability(requests: number, accepts: number, k: number): number {
  return Math.max(0, (requests - k * accepts) / (requests + 1));
}
