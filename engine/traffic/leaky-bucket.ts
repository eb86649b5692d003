/**
 * Leaky bucket: each request pours one unit into a bucket that leaks `rateRps` a second; what stands in it above the unit just poured is the excess.
 *
 *   excess = max(0, excess - rate * elapsed + 1)       in thousandths of a request, on a clock of whole milliseconds
 *
 * Above `burst` the request is refused and the bucket stays as it was. Otherwise it is let in, and what exceeds `delay` waits until it has leaked: `delay` 0
 * evens a burst out to the rate, `noDelay` lets it through at once. The first request of a key has no excess.
 *
 * Cost: O(1) a request. Memory: two numbers a key.
 *
 * Fails when: requests come regularly, a little faster than the rate, and there is no burst: at 12 a second against 10 every other one is refused, 50 % and not
 * 17 %, since 83 ms after one that was let in the bucket is not empty, and 167 ms after it is.
 *
 * Source: nginx, `limit_req`: rate, burst, nodelay, delay; its arithmetic in thousandths and milliseconds is kept.
 *
 * Real systems: nginx answers 503 unless `limit_req_status` says 429, and takes a time between two requests of more than a minute for one millisecond only when
 * the clock ran backwards. Where several limits stand at once it charges none when one refuses; here each stands for itself.
 */
import type { AdmissionPolicy } from '../core/policy.ts';
import { recentKeys } from './recent-keys.ts';
import { keyOf } from './request-key.ts';
import type { KeyOptions } from './request-key.ts';

export interface LeakyBucketOptions extends KeyOptions {
  readonly rateRps?: number;
  readonly burst?: number;
  /** So much of the burst passes at once. */
  readonly delay?: number;
  /** All of it does. */
  readonly noDelay?: boolean;
  readonly keys?: number;
}

export interface LeakyBucket extends AdmissionPolicy {
  /** The excess that was computed for the last request, in thousandths, also where it was refused; for tests and tables. */
  readonly lastExcess: number;
}

export function leakyBucket({
  rateRps = 10,
  burst = 0,
  delay = 0,
  noDelay = false,
  keys = 10_000,
  ...by
}: LeakyBucketOptions = {}): LeakyBucket {
  const key = keyOf(by);
  const table = recentKeys(keys);
  const excess: number[] = [];
  const atMs: number[] = [];
  // Requests a second are thousandths a millisecond.
  const rate = Math.floor(rateRps * 1_000);
  const mostExcess = burst * 1_000;
  const freeExcess = noDelay ? Infinity : delay * 1_000;
  let lastExcess = 0;

  return {
    get lastExcess() {
      return lastExcess;
    },
    admit(request, ctx, backend) {
      const name = key(request, backend);
      if (name === undefined) return undefined;
      const slot = table.use(name);
      const nowMs = Math.floor(ctx.nowUs / 1_000);
      const leaked = table.isNew ? 0 : Math.floor((rate * (nowMs - atMs[slot]!)) / 1_000);
      lastExcess = table.isNew ? 0 : Math.max(0, excess[slot]! - leaked + 1_000);
      if (lastExcess > mostExcess) return Math.ceil(((lastExcess - mostExcess) * 1_000_000) / rate);
      excess[slot] = lastExcess;
      atMs[slot] = nowMs;
      return lastExcess > freeExcess
        ? { waitUs: Math.floor(((lastExcess - freeExcess) * 1_000) / rate) * 1_000 }
        : undefined;
    },
  };
}
