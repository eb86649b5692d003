/**
 * The kinds of event in a run's trace. The numbers are part of the digest: never change one, only add.
 * What `value` holds is said behind each.
 */
export const EVENT_KIND = {
  /** Reached the balancer. Value: index of the client. */
  arrived: 1,
  /** Sent to a backend. Value: requests in flight there, this one included. */
  picked: 2,
  /** Waits for a worker. Value: length of the queue, this one included. */
  queued: 3,
  /** A worker began. Value: time waited, microseconds. */
  started: 4,
  /** The client has the response. Value: latency seen by the client, microseconds. */
  served: 5,
  /** The client has an error or gave up. Value: FAILURE code. */
  failed: 6,
  /** Value: 1 passed, 0 failed. */
  probed: 7,
  /** The balancer's belief changed. Value: BELIEVED code. */
  health: 8,
  /** An action of the timeline took place. Value: index in the timeline. */
  action: 9,
  /** A drain with a time limit ended. Value: requests that were cut off. */
  drained: 10,
} as const;

/** Why a request failed. */
export const FAILURE = {
  /** 503: nothing eligible, or the picker declined. */
  noBackend: 1,
  /** 503: the backend's queue was full. */
  queueFull: 2,
  /** 502: the connection was refused. */
  refused: 3,
  /** 502: the connection broke while the request was being served. */
  reset: 4,
  /** 504: the balancer's timeout. */
  timeout: 5,
  /** The client gave up first. */
  abandoned: 6,
  /** 404: no route matches. */
  noRoute: 7,
} as const;
