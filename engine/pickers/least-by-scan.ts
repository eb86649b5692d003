import type { Backend, Rng } from '../core/policy.ts';

/** The fewest requests in flight in one pass; the k-th of equals replaces the one held with probability 1 / k, so each is as likely (reservoir sampling). */
export function leastByScan(backends: readonly Backend[], rng: Rng): Backend {
  let chosen = backends[0]!;
  let equals = 1;
  for (let i = 1; i < backends.length; i += 1) {
    const backend = backends[i]!;
    if (backend.inFlight > chosen.inFlight) continue;
    equals = backend.inFlight < chosen.inFlight ? 1 : equals + 1;
    if (equals === 1 || rng.int(equals) === 0) chosen = backend;
  }
  return chosen;
}
