/**
 * Whoever wants to count something while a run goes on, request by request, without the memory that a trace or a log takes. Each is told just after the
 * engine has written it down; `id` counts requests from 1 in the order of arrival at the balancer. Whoever listens must change nothing.
 */
export interface Observer {
  arrived?(id: number, nowUs: number): void;
  /** An attempt was sent to `backend`. */
  picked?(id: number, backend: number, nowUs: number): void;
  /** It found no free worker there. */
  queued?(id: number, backend: number, nowUs: number): void;
  /** The client has its answer. `backend` is -1 where the balancer answered by itself. */
  served?(id: number, backend: number, latencyUs: number, nowUs: number): void;
  /** `failure` is a FAILURE code. */
  failed?(id: number, backend: number, failure: number, nowUs: number): void;
  /** The balancer believes otherwise of the backend now: a code of BELIEVED. */
  health?(backend: number, belief: number, nowUs: number): void;
  /** A drain ended, and so many requests were cut off. */
  drained?(backend: number, cutOff: number, nowUs: number): void;
}
