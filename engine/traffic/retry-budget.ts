/** What all budgets for retries have in common: they hear of requests and answers, and say whether one more retry is within bounds. */
export interface RetryBudget {
  /** A first attempt. */
  onRequest(nowUs: number): void;
  /** May there be one more retry now? If so, it counts. */
  allows(nowUs: number): boolean;
  /** An attempt failed in a way that is retried. */
  onFailure(): void;
  /** A request is over; `retrying`: its last attempt was a retry, or it was waiting for one. */
  onAnswer(served: boolean): void;
  /** The retry that was allowed has ended. */
  onRetryEnd(): void;
}
