/**
 * gRPC's retry throttling: a bucket that a failure drains by 1 and a success fills by `tokenRatio`; nothing is retried unless it is more than half full. The
 * failures of all requests stop the retries of each.
 *
 * Cost: O(1), one number.
 * Fails when: `maxTokens` is small: a handful of failures of one bad backend stops the retries that would have gone to good ones.
 * Source: gRPC proposal A6 (client retries). Tokens are kept in thousandths, as grpc-core does, so that ten tenths are one.
 */
import type { RetryBudget } from './retry-budget.ts';

const SCALE = 1000;

export function retryThrottle(options: { maxTokens: number; tokenRatio: number }): RetryBudget & {
  readonly tokens: number;
  readonly isOpen: boolean;
} {
  const most = options.maxTokens * SCALE;
  const gain = Math.trunc(options.tokenRatio * SCALE);
  let tokens = most;
  return {
    get tokens() {
      return tokens / SCALE;
    },
    get isOpen() {
      return tokens > most / 2;
    },
    onRequest() {},
    allows() {
      return tokens > most / 2;
    },
    onFailure() {
      tokens = Math.max(0, tokens - SCALE);
    },
    onAnswer(served) {
      if (served) tokens = Math.min(most, tokens + gain);
    },
    onRetryEnd() {},
  };
}
