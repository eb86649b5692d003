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
  /** An attempt failed, and the balancer has not answered yet. Value: FAILURE code. */
  attemptFailed: 11,
  /** Is about to be tried again. Value: number of the new attempt, from 2; backend: the one that failed it. */
  retried: 12,
  /** Is about to be sent to another backend beside the one that takes long. Value: number of the new attempt, from 2. */
  hedged: 13,
  /** The balancer no longer waits for this attempt: another one was answered, or the request is over. */
  cancelled: 14,
  /** Waits in the balancer for a backend with room. Value: length of that queue, this one included; backend: -1, or the one it waits for. */
  pending: 15,
  /** The balancer opened a connection to the backend for it. Value: time that took, microseconds. */
  connected: 16,
  // Of a tier of balancers.
  /** A node has another role in an election. Value: code of ROLE. */
  role: 40,
  /** The node has announced that it holds the virtual IP. */
  address: 41,
  /** A connection broke: a packet of it came to a node, or to a backend, that knows nothing of it. Value: number of the connection. */
  broken: 42,
  // Of an autoscaler.
  /** A backend that it ordered has started and joins its pool. */
  joined: 50,
  /** A backend that it took out has left. */
  left: 51,
  /** A node of the tier that it ordered has started. Value: nodes that were in service before. */
  nodeJoined: 52,
  /** A node of the tier leaves by its order. Value: nodes that were in service before. */
  nodeLeaves: 53,
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
  /** The backend answered with an error status. */
  error: 8,
  /** 429: over a rate limit. */
  limited: 9,
  /** The balancer itself answered with an error status, as its configuration says. */
  replied: 10,
  /** 503: waited too long in the balancer's queue. */
  waited: 11,
  /** 503: the balancer's queue was full. */
  crowded: 12,
  /** 503: a circuit breaker's limit on requests was reached. */
  broken: 13,
  /** 503: shed from the balancer's queue because it has been standing for too long. */
  shed: 14,
  /** 401: the backend does not know the session that the request belongs to. */
  noSession: 15,
  /** Nobody answered: no node has the address, or its machine is dead. */
  unreachable: 40,
  /** Dropped by a node of the tier that had more than it can take. */
  overloaded: 41,
} as const;

/**
 * The status a client sees for each FAILURE; 499 is nginx's for one who did not wait. Of an error of the backend, or of the balancer's own, the log
 * of requests keeps no more than that it was one: they stand as 500. 0: nothing came back.
 */
export const STATUS_OF_FAILURE: Readonly<Record<number, number>> = {
  [FAILURE.noBackend]: 503,
  [FAILURE.queueFull]: 503,
  [FAILURE.refused]: 502,
  [FAILURE.reset]: 502,
  [FAILURE.timeout]: 504,
  [FAILURE.abandoned]: 499,
  [FAILURE.noRoute]: 404,
  [FAILURE.noSession]: 401,
  [FAILURE.error]: 500,
  [FAILURE.limited]: 429,
  [FAILURE.replied]: 500,
  [FAILURE.waited]: 503,
  [FAILURE.crowded]: 503,
  [FAILURE.broken]: 503,
  [FAILURE.shed]: 503,
  [FAILURE.unreachable]: 0,
  [FAILURE.overloaded]: 0,
};
