/**
 * Sends a request that takes long to a second backend as well and takes the answer that comes first. The wait is fixed, or the latency within which a share of
 * the latest answers came: at the 95th percentile one request in twenty is sent twice.
 *
 * Of two independent attempts the slower than t has the square of the chance, so a tail that comes from the backend is cut. A budget bounds the extra load:
 * every request brings `share` of a hedge.
 *
 * Cost: O(1) per request, and a sort of 1,000 latencies every hundred answers; memory for those.
 * Fails when: the tail comes from load: hedges add to it (the attempt that loses is served as well), or from the request itself: then both are slow.
 * Source: Dean and Barroso, "The tail at scale" (2013); Finagle, BackupRequestFilter (percentile and maximal extra load); gRPC A6 (hedging).
 */
import type { HedgePolicy } from '../core/policy.ts';

export interface HedgeOptions {
  readonly delayUs?: number | undefined;
  /** Instead of a fixed delay, 0 to 100. */
  readonly percentile?: number | undefined;
  /** The first one included. */
  readonly attempts: number;
  /** Hedges per request. */
  readonly share: number;
}

const KEPT = 1000;
const FRESH_EVERY = 100;
/** A budget may be saved up to so many hedges. */
const MOST_SAVED = 10;

export function hedging({ delayUs, percentile, attempts, share }: HedgeOptions): HedgePolicy {
  const latencies: number[] = [];
  let heard = 0;
  let learnedUs: number | undefined;
  let saved = share === 0 ? 0 : 1;

  return {
    delayUs(_request, attempt) {
      if (attempt === 1) saved = Math.min(MOST_SAVED, saved + share);
      const waitUs = percentile === undefined ? delayUs : learnedUs;
      if (attempt >= attempts || waitUs === undefined) return undefined;
      if (share < 1 && saved < 1) return undefined;
      return waitUs;
    },
    onHedge() {
      if (share < 1) saved -= 1;
    },
    onOutcome(_request, outcome) {
      if (percentile === undefined || outcome.kind !== 'served') return;
      latencies[heard++ % KEPT] = outcome.latencyUs;
      if (heard % FRESH_EVERY !== 0) return;
      const sorted = latencies.toSorted((a, b) => a - b);
      learnedUs = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percentile) / 100))];
    },
  };
}
