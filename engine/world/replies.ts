import type { Outcome } from '../core/policy.ts';
import { FAILURE } from '../metrics/event-kind.ts';
import { SERVED } from './in-flight.ts';

/** How an attempt ended, in the words of the policies. A client that gave up ends it as a timeout. */
export function outcomeKind(reply: number): Outcome['kind'] {
  switch (reply) {
    case SERVED:
    case FAILURE.error:
    case FAILURE.noSession:
      return 'served';
    case FAILURE.queueFull:
      return 'rejected';
    case FAILURE.refused:
      return 'refused';
    case FAILURE.reset:
      return 'reset';
    default:
      return 'timeout';
  }
}

/** Is it an HTTP response, after which the connection is as good as before? */
export function isResponse(reply: number): boolean {
  return outcomeKind(reply) === 'served' || reply === FAILURE.queueFull;
}

/** Without a connection: does nothing come back? No refusal, no reset, and what finds no room in a queue is gone. */
export function isSilent(reply: number): boolean {
  return outcomeKind(reply) !== 'served';
}

/** `errorStatus`: the one of a reply that is FAILURE.error. */
export function outcomeStatus(reply: number, errorStatus: number): number {
  if (reply === SERVED) return 200;
  if (reply === FAILURE.error) return errorStatus;
  if (reply === FAILURE.noSession) return 401;
  return reply === FAILURE.queueFull ? 503 : 0;
}

/** What the client is told. */
export function answerStatus(answer: number, status: number): number {
  switch (answer) {
    case SERVED:
      return 200;
    case FAILURE.error:
    case FAILURE.replied:
      return status;
    case FAILURE.refused:
    case FAILURE.reset:
      return 502;
    case FAILURE.timeout:
      return 504;
    case FAILURE.noRoute:
      return 404;
    case FAILURE.limited:
      return 429;
    case FAILURE.noSession:
      return 401;
    default:
      return 503;
  }
}
