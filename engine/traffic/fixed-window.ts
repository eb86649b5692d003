/**
 * Fixed window: at most `limit` requests in each window of `windowUs`. Windows follow one another from time 0, the same for all keys.
 *
 * Cost: O(1) a request. Memory: two numbers a key.
 *
 * Fails when: a burst comes at the border of two windows: up to twice the limit passes within one window's length.
 *
 * Source: folklore, in every API gateway; for example the `INCR` and `EXPIRE` pattern of Redis' documentation.
 *
 * Real systems: some begin a key's window with its first request, which spreads the borders over time and leaves them as they are for each key.
 */
import type { AdmissionPolicy } from '../core/policy.ts';
import { recentKeys } from './recent-keys.ts';
import { keyOf } from './request-key.ts';
import type { KeyOptions } from './request-key.ts';

export interface WindowOptions extends KeyOptions {
  readonly limit?: number;
  readonly windowUs?: number;
  readonly keys?: number;
}

export function fixedWindow({
  limit = 10,
  windowUs = 1_000_000,
  keys = 10_000,
  ...by
}: WindowOptions = {}): AdmissionPolicy {
  const key = keyOf(by);
  const table = recentKeys(keys);
  const count: number[] = [];
  const windowOf: number[] = [];

  return {
    admit(request, ctx, backend) {
      const name = key(request, backend);
      if (name === undefined) return undefined;
      const slot = table.use(name);
      const window = Math.floor(ctx.nowUs / windowUs);
      if (table.isNew || windowOf[slot] !== window) {
        windowOf[slot] = window;
        count[slot] = 0;
      }
      if (count[slot]! >= limit) return (window + 1) * windowUs - ctx.nowUs;
      count[slot]!++;
      return undefined;
    },
  };
}
