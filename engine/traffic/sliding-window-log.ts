/**
 * Sliding window, as a log: at most `limit` requests in any stretch of `windowUs`. It keeps the times of the last `limit` requests that were let in; the next is
 * let in when the oldest of them is `windowUs` ago.
 *
 * Cost: O(1) a request. Memory: `limit` numbers a key, which is why most systems approximate it (sliding-window-counter.ts).
 *
 * Fails when: limits are high and keys are many: a thousand requests a minute for a hundred thousand clients are 800 MB.
 *
 * Source: folklore; for example as a sorted set in Redis.
 *
 * Real systems: many log refused requests as well, so a client that keeps trying is let in no more; here refused ones do not count.
 */
import type { AdmissionPolicy } from '../core/policy.ts';
import type { WindowOptions } from './fixed-window.ts';
import { recentKeys } from './recent-keys.ts';
import { keyOf } from './request-key.ts';

export function slidingWindowLog({
  limit = 10,
  windowUs = 1_000_000,
  keys = 10_000,
  ...by
}: WindowOptions = {}): AdmissionPolicy {
  const key = keyOf(by);
  const table = recentKeys(keys);
  /** For each key a ring of times, and the place of the oldest. */
  const times: Float64Array[] = [];
  const oldest: number[] = [];

  return {
    admit(request, ctx, backend) {
      const name = key(request, backend);
      if (name === undefined) return undefined;
      const slot = table.use(name);
      if (table.isNew) {
        times[slot] = (times[slot] ?? new Float64Array(limit)).fill(-Infinity);
        oldest[slot] = 0;
      }
      const ring = times[slot]!;
      const place = oldest[slot]!;
      const freeUs = ring[place]! + windowUs;
      if (ctx.nowUs < freeUs) return freeUs - ctx.nowUs;
      ring[place] = ctx.nowUs;
      oldest[slot] = place + 1 === limit ? 0 : place + 1;
      return undefined;
    },
  };
}
