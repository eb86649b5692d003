/** The kinds of event that are planned ahead, and what their subject is. EventQueue takes numbers below 32. */
export const PLAN = {
  /** A request leaves its client. Subject: index of the client. */
  departure: 0,
  // Subject: row of the request; all up to `lastOfRequests`.
  reachBalancer: 1,
  reachBackend: 2,
  workDone: 3,
  replyReachBalancer: 4,
  answerReachClient: 5,
  balancerTimeout: 6,
  clientTimeout: 7,
  /** The balancer let it in, but not yet. */
  admit: 8,
  /** The wait before the next attempt is over. */
  retry: 9,
  hedge: 10,
  /** All attempts together have taken too long. */
  overallTimeout: 11,
  queueTimeout: 12,
  /** A part of the handshake with the backend is over. */
  connected: 13,
  /** Direct server return: the answer reaches the client, and what the client sends then the balancer. */
  directReachClient: 14,
  doneReachBalancer: 15,
  lastOfRequests: 15,
  /** Subject: index of the checker. */
  probeSend: 16,
  // Subject: index of the probe.
  probeReachBackend: 17,
  probeReachBalancer: 18,
  probeTimeout: 19,
  /** Policies compare backends. Subject: which of the sweep intervals is over. */
  sweep: 20,
  /** Subject: index of the backend whose drain has lasted long enough. */
  drainTimeout: 23,
  /** Weights of backends that start slowly. Subject: index of the backend. */
  ramp: 24,
  // Subject: index of a question for a backend's load.
  loadReachBackend: 21,
  loadReachBalancer: 22,
  /** Somebody wanted to be woken now (alarms.ts). Subject: number of the alarm. */
  alarm: 31,
} as const;
