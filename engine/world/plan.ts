/** The kinds of event that are planned ahead, and what their subject is. EventQueue takes numbers below 64. */
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
  /** Whoever never came to the balancer gives up. */
  missed: 16,
  lastOfRequests: 31,
  /** Subject: index of the checker. */
  probeSend: 32,
  // Subject: index of the probe.
  probeReachBackend: 33,
  probeReachBalancer: 34,
  probeTimeout: 35,
  /** Policies compare backends. Subject: which of the sweep intervals is over. */
  sweep: 36,
  /** Subject: index of the backend whose drain has lasted long enough. */
  drainTimeout: 39,
  /** Weights of backends that start slowly. Subject: index of the backend. */
  ramp: 40,
  // Subject: index of a question for a backend's load.
  loadReachBackend: 37,
  loadReachBalancer: 38,
  /** Somebody wanted to be woken now (alarms.ts). Subject: number of the alarm. */
  alarm: 63,
  /** A pause of the garbage collector begins or ends. Subject: index of the backend. */
  collect: 41,
  // Subject: number of a call to what backends share.
  callDone: 42,
  callTimeout: 43,
  /** TCP sends again what was lost. Subject: number of the message. */
  sendAgain: 44,
} as const;
