/**
 * Token bucket: a bucket holds up to `burst` tokens and gains `rateRps` of them a second, without steps; each request takes one, and is refused when there
 * is none. So a client that was quiet may send `burst` at once, and in the long run gets its rate.
 *
 * Cost: O(1) a request. Memory: two numbers a key.
 *
 * Fails when: bursts of many clients meet: each is within its limit, and all together are not.
 *
 * Source: Turner, "New directions in communications", IEEE Communications Magazine 24(10), 1986; the form of golang.org/x/time/rate.
 *
 * Real systems: Traefik's `rateLimit` is this one. Envoy's `local_ratelimit` filled in steps (interval-token-bucket.ts) until newer versions. nginx has a
 * leaky bucket, which with `nodelay` admits what a token bucket of burst + 1 would (leaky-bucket.ts).
 */
import type { AdmissionPolicy } from '../core/policy.ts';
import { recentKeys } from './recent-keys.ts';
import { keyOf } from './request-key.ts';
import type { KeyOptions } from './request-key.ts';

/** Tokens are counted in millionths, so that a whole rate over whole microseconds is exact. */
export const ONE = 1_000_000;

export interface TokenBucketOptions extends KeyOptions {
  readonly rateRps?: number;
  readonly burst?: number;
  readonly keys?: number;
}

export interface TokenBucket extends AdmissionPolicy {
  /** What is left for a key, as of its last request; for tests and tables. */
  tokens(key: string): number | undefined;
}

export function tokenBucket({ rateRps = 10, burst = 1, keys = 10_000, ...by }: TokenBucketOptions = {}): TokenBucket {
  const key = keyOf(by);
  const table = recentKeys(keys);
  const millionths: number[] = [];
  const filledUs: number[] = [];
  const full = burst * ONE;

  return {
    admit(request, ctx, backend) {
      const name = key(request, backend);
      if (name === undefined) return undefined;
      const slot = table.use(name);
      const had = table.isNew ? full : millionths[slot]! + (ctx.nowUs - filledUs[slot]!) * rateRps;
      const has = had < full ? had : full;
      filledUs[slot] = ctx.nowUs;
      if (has < ONE) {
        millionths[slot] = has;
        return Math.ceil((ONE - has) / rateRps);
      }
      millionths[slot] = has - ONE;
      return undefined;
    },
    tokens: (name) => (table.peek(name) < 0 ? undefined : millionths[table.peek(name)]! / ONE),
  };
}
