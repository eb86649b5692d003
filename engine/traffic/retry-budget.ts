/**
 * What all budgets for retries have in common: they hear of requests and answers, and say whether one more retry is within bounds.
 * Cost: a call for each request, failure and answer. Fails when: a budget is shared by pools of which one fails: it stops the retries of the others.
 * Source: see concurrent-retry-budget.ts (Envoy), token-window-budget.ts (Finagle), slot-retry-budget.ts (tower), retry-throttle.ts (gRPC).
 */
export interface RetryBudget {
  /** A first attempt. */
  onRequest(nowUs: number): void;
  /** May there be one more retry now? If so, it counts. */
  allows(nowUs: number): boolean;
  /** An attempt failed in a way that is retried. */
  onFailure(): void;
  /** A request is over. */
  onAnswer(served: boolean): void;
  /** The retry that was allowed has ended. */
  onRetryEnd(): void;
}
