/**
 * Tries a failed request again: if the way it failed is one of `on`, if that is safe, as often as allowed, after a wait, within a budget.
 *
 * Safe is what surely was not carried out (the connection was refused, or the queue was full), and every method that may be carried out twice (RFC 9110,
 * section 9.2.2); others only if `nonIdempotent` asks for it.
 *
 * Cost: O(1) per failure; memory for each request that failed once, until it is answered.
 * Fails when: overload is what makes attempts fail. Each of k tiers that retries n times multiplies the load by up to n + 1: hence budgets.
 * Source: nginx proxy_next_upstream (error and timeout, no POST once sent, tries unlimited); HAProxy retries, retry-on, redispatch (3, conn-failure, a wait of
 * 1 s on the same server; src/backend.c); Envoy retry-on with its budget; gRPC A6. They differ in what is on by default more than in what they can do.
 */
import type { Outcome, Request, RetryPolicy } from '../core/policy.ts';
import { backoff } from './backoff.ts';
import type { BackoffOptions } from './backoff.ts';
import type { RetryBudget } from './retry-budget.ts';

/** How an attempt ended, or the status of its response. */
export type RetryCondition = Exclude<Outcome['kind'], 'served'> | '5xx' | 'gateway-error' | number;

export interface RetryOptions {
  /** Of one request; the first attempt does not count. */
  readonly retries: number;
  readonly on: readonly RetryCondition[];
  readonly nonIdempotent: boolean;
  readonly backoff: BackoffOptions;
  readonly budget?: RetryBudget | undefined;
  /** HAProxy: retries stay on the backend except every `every`-th (negative: counted from the end; 0: none), or all if any server will do. */
  readonly redispatch?: { readonly every: number; readonly anyServer: boolean } | undefined;
}

const IDEMPOTENT: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'];

export function retries(options: RetryOptions): RetryPolicy {
  const { on, budget, redispatch } = options;
  /** Requests that were allowed a retry, and how long the last one waited. */
  const waits = new Map<Request, number>();

  function isSafe(request: Request, { kind }: Outcome): boolean {
    return options.nonIdempotent || kind === 'refused' || kind === 'rejected' || IDEMPOTENT.includes(request.method);
  }

  function staysPut(attempt: number): boolean {
    if (redispatch === undefined) return false;
    const { every, anyServer } = redispatch;
    if (every === 0) return true;
    if (anyServer) return false;
    const turn = every > 0 ? every : options.retries + 1 + every;
    return turn <= 0 || attempt % turn !== 0;
  }

  return {
    onRequest(_request, ctx) {
      budget?.onRequest(ctx.nowUs);
    },
    onFailure(request, attempt, outcome, ctx) {
      if (waits.has(request)) budget?.onRetryEnd();
      const lastUs = waits.get(request) ?? 0;
      waits.delete(request);
      if (!matches(on, outcome)) return undefined;
      budget?.onFailure();
      if (attempt > options.retries || !isSafe(request, outcome)) return undefined;
      if (budget !== undefined && !budget.allows(ctx.nowUs)) return undefined;
      // Only who stays where no connection could be made has to wait; elsewhere there is no reason to.
      const waitUs =
        redispatch === undefined || (staysPut(attempt) && outcome.kind === 'refused')
          ? backoff(options.backoff, attempt, lastUs, ctx.rng)
          : 0;
      waits.set(request, waitUs);
      return waitUs;
    },
    onAnswer(request, served) {
      if (waits.delete(request)) budget?.onRetryEnd();
      budget?.onAnswer(served);
    },
    staysPut: (_request, attempt) => staysPut(attempt),
  };
}

function matches(on: readonly RetryCondition[], { kind, status }: Outcome): boolean {
  return on.some((condition) => {
    if (condition === '5xx') return status >= 500;
    if (condition === 'gateway-error') return status >= 502 && status <= 504;
    return condition === (kind === 'served' ? status : kind) || condition === status;
  });
}
