/**
 * Token bucket that is filled in steps: every `fillIntervalUs`, counted from a key's first request, `tokensPerFill` tokens come in, and the bucket holds no more
 * than `maxTokens`. Each request takes one, and is refused when there is none.
 *
 * Cost: O(1) a request. Memory: two numbers a key.
 *
 * Fails when: the interval is long: all wait for the same moment and come at once.
 *
 * Source: Envoy, `local_ratelimit`, `token_bucket`, read as filled in discrete steps.
 *
 * Real systems: newer versions of Envoy fill without steps at the same mean rate (token-bucket.ts). Its interval is at least 50 ms, and one bucket serves all
 * connections of a process unless descriptors tell requests apart.
 */
import type { AdmissionPolicy } from '../core/policy.ts';
import { recentKeys } from './recent-keys.ts';
import { keyOf } from './request-key.ts';
import type { KeyOptions } from './request-key.ts';

export interface IntervalTokenBucketOptions extends KeyOptions {
  readonly maxTokens?: number;
  readonly tokensPerFill?: number;
  readonly fillIntervalUs?: number;
  readonly keys?: number;
}

export interface IntervalTokenBucket extends AdmissionPolicy {
  /** What is left for a key, as of its last request; for tests and tables. */
  tokens(key: string): number | undefined;
}

export function intervalTokenBucket({
  maxTokens = 10,
  tokensPerFill = 1,
  fillIntervalUs = 1_000_000,
  keys = 10_000,
  ...by
}: IntervalTokenBucketOptions = {}): IntervalTokenBucket {
  const key = keyOf(by);
  const table = recentKeys(keys);
  const tokens: number[] = [];
  const filledUs: number[] = [];

  return {
    admit(request, ctx, backend) {
      const name = key(request, backend);
      if (name === undefined) return undefined;
      const slot = table.use(name);
      if (table.isNew) {
        tokens[slot] = maxTokens;
        filledUs[slot] = ctx.nowUs;
      }
      const fills = Math.floor((ctx.nowUs - filledUs[slot]!) / fillIntervalUs);
      filledUs[slot]! += fills * fillIntervalUs;
      const has = Math.min(maxTokens, tokens[slot]! + fills * tokensPerFill);
      tokens[slot] = has < 1 ? has : has - 1;
      return has < 1 ? filledUs[slot]! + fillIntervalUs - ctx.nowUs : undefined;
    },
    tokens: (name) => (table.peek(name) < 0 ? undefined : tokens[table.peek(name)]!),
  };
}
