import { PolicyContext } from '../balancer/context.ts';
import type { Clock } from '../balancer/context.ts';
import { WaitingRoom } from '../balancer/waiting-room.ts';
import type { PoolPolicies } from '../core/policies.ts';
import type { Backend, HedgePolicy, RetryPolicy } from '../core/policy.ts';
import type { Prng } from '../core/prng.ts';
import type { Scenario } from './scenario.ts';

type PoolSpec = Scenario['pools'][number];

/** How one pool treats its requests beyond sending each of them once. */
export interface Care {
  readonly retry: RetryPolicy | undefined;
  readonly retryContext: PolicyContext;
  readonly hedge: HedgePolicy | undefined;
  readonly hedgeContext: PolicyContext;
  readonly room: WaitingRoom | undefined;
  readonly queueTimeoutUs: number;
  readonly overallUs: number;
  /** How long one attempt may take; Infinity: for ever. */
  readonly tryUs: number;
  /** Limits of the circuit breaker; Infinity: none. */
  readonly maxRequests: number;
  readonly maxRetries: number;
  /** Requests that the balancer has and has not answered, and retries that wait or are under way. */
  requests: number;
  retries: number;
  /** Backends that got room and have not been seen to; `isBusy`: somebody is at it. */
  readonly freed: number[];
  isBusy: boolean;
}

/** undefined where the pool sends each request once and nothing else. */
export function careOf(
  { id, timeouts, queue, limits }: PoolSpec,
  { retry, hedge }: PoolPolicies,
  tryUs: number,
  clock: Clock,
  rng: Prng,
): Care | undefined {
  if (
    retry === undefined &&
    hedge === undefined &&
    timeouts === undefined &&
    queue === undefined &&
    limits === undefined
  )
    return undefined;
  const stream = rng.fork(`attempts:${id}`);
  return {
    retry,
    retryContext: new PolicyContext(clock, stream.fork('retry')),
    hedge,
    hedgeContext: new PolicyContext(clock, stream.fork('hedge')),
    room:
      queue &&
      new WaitingRoom({
        limit: Math.min(queue.limit ?? Infinity, limits?.maxPending ?? Infinity),
        limitPerBackend: queue.limitPerBackend ?? Infinity,
        delay: queue.delay,
      }),
    queueTimeoutUs: queue?.timeoutUs ?? Infinity,
    overallUs: timeouts?.overallUs ?? Infinity,
    tryUs: timeouts?.tryUs ?? tryUs,
    maxRequests: limits?.maxRequests ?? Infinity,
    maxRetries: limits?.maxRetries ?? Infinity,
    requests: 0,
    retries: 0,
    freed: [],
    isBusy: false,
  };
}

/** A request that may be sent more than once, or has to wait: what the balancer remembers of it. */
export interface Errand {
  /** The request's first row. */
  readonly head: number;
  readonly pool: number;
  readonly care: Care;
  /** Rows of the attempts that the balancer waits for. */
  open: number[];
  /** Attempts made so far, and where they went. */
  sent: number;
  tried: readonly Backend[];
  /** What it is answered if nothing better comes. */
  lastReply: number;
  /** The backend whose attempt ended last; -1: none has. */
  by: number;
  /** The next attempt is to begin later. */
  retryWaits: boolean;
  /** It counts among the retries of its pool. */
  isRetry: boolean;
  /** The balancer has answered it. */
  isOver: boolean;
}
