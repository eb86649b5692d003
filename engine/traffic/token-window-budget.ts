/**
 * Finagle's retry budget: each request deposits a token's worth, each retry withdraws 1/share of that, deposits are forgotten after `ttlUs`, and a reserve lets
 * clients with few requests retry a little.
 *
 * Cost: O(deposits that ran out) amortised 1; a slot per tenth of the window.
 * Fails when: the window is shorter than an outage's beginning: what was saved before is spent at once, as a burst.
 * Source: Finagle, RetryBudget.scala (TokenRetryBudget, scale 1000, defaults 10 s, 10/s, 20 %) and its LeakyTokenBucket over a WindowedAdder of ten slices.
 */
import type { RetryBudget } from './retry-budget.ts';

const SCALE = 1000;
const SLICES = 10;

export interface TokenWindowOptions {
  readonly ttlUs: number;
  readonly minRetriesPerSecond: number;
  /** Retries per request; 0: only the reserve. */
  readonly share: number;
}

/** What a request brings, a retry takes, and what there is without any request. */
export function tokensOf({ ttlUs, minRetriesPerSecond, share }: TokenWindowOptions): {
  readonly deposit: number;
  readonly withdraw: number;
  readonly reserve: number;
} {
  // Without a share, deposits are worth nothing and a retry costs one of the reserve.
  const deposit = share === 0 ? 0 : SCALE;
  const withdraw = share === 0 ? 1 : Math.trunc(SCALE / share);
  return { deposit, withdraw, reserve: Math.trunc((minRetriesPerSecond * ttlUs) / 1_000_000) * withdraw };
}

export function tokenWindowBudget(options: TokenWindowOptions): RetryBudget {
  const { deposit, withdraw, reserve } = tokensOf(options);
  const slices = new Float64Array(SLICES);
  const sliceUs = options.ttlUs / SLICES;
  let current = 0;

  function expire(nowUs: number): void {
    const slice = Math.floor(nowUs / sliceUs);
    for (let n = Math.max(current + 1, slice - SLICES + 1); n <= slice; n++) slices[n % SLICES] = 0;
    current = slice;
  }

  return {
    onRequest(nowUs) {
      expire(nowUs);
      slices[current % SLICES]! += deposit;
    },
    allows(nowUs) {
      expire(nowUs);
      if (slices.reduce((sum, value) => sum + value, reserve) < withdraw) return false;
      slices[current % SLICES]! -= withdraw;
      return true;
    },
    onFailure() {},
    onAnswer() {},
    onRetryEnd() {},
  };
}
