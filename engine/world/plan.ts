/** The kinds of event that are planned ahead, and what their subject is. EventQueue takes numbers below 16. */
export const PLAN = {
  /** A request leaves its client. Subject: index of the client. */
  departure: 0,
  // Subject: row of the request.
  reachBalancer: 1,
  reachBackend: 2,
  workDone: 3,
  replyReachBalancer: 4,
  answerReachClient: 5,
  balancerTimeout: 6,
  clientTimeout: 7,
  /** Subject: index of the checker. */
  probeSend: 8,
  // Subject: index of the probe.
  probeReachBackend: 9,
  probeReachBalancer: 10,
  probeTimeout: 11,
  /** Policies compare backends. Subject: which of the sweep intervals is over. */
  sweep: 12,
  /** Subject: index of the backend whose drain has lasted long enough. */
  drainTimeout: 13,
  /** Weights of backends that start slowly. Subject: index of the backend. */
  ramp: 14,
} as const;
