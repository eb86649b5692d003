import { jainIndex, peakToMean } from './fairness.ts';
import { PENDING, SERVED } from './request-log.ts';
import type { RequestLog } from './request-log.ts';

/** What a panel shows of one backend, or of all, over a window fromUs <= t < toUs. */
export interface Reading {
  /** Served requests per second. */
  readonly rateRps: number;
  readonly served: number;
  readonly failed: number;
  /** Failed of those that ended; NaN if none did. */
  readonly errorShare: number;
  /** Of served requests as their clients saw it; exact, by nearest rank over all requests of the window: percentiles of parts are never averaged. */
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  /** At the window's end: sent there, and the client has no answer yet. Overall: at the balancer, sent or not. */
  readonly inFlight: number;
  /** The most in flight when one was sent there in the window. */
  readonly peakInFlight: number;
  /** At the window's end: waiting for a worker. */
  readonly queued: number;
  /** The part of the connections it may have that `peakInFlight` used; NaN where it has no bound. */
  readonly poolUse: number;
  /** Of requests that arrived, and of responses that clients got. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface Readings {
  readonly overall: Reading;
  /** By index. */
  readonly backends: readonly Reading[];
  /** Of the requests sent in the window: Jain's index, and the busiest backend over the mean. */
  readonly fairness: number;
  readonly imbalance: number;
}

/** What the log does not hold. */
export interface Sizes {
  /** Bytes of a request and of its response, by index of client and of class. */
  readonly bytes: (client: number, requestClass: number) => { readonly in: number; readonly out: number };
  /** Connections that each backend may have; Infinity: no bound. */
  readonly maxConnections: readonly number[];
}

/** A request belongs to the backend it was last sent to, and counts when it ended; in flight, queued and bytes in go by their own times. */
export function readings(log: RequestLog, fromUs: number, toUs: number, sizes: Sizes): Readings {
  const backends = Array.from({ length: log.names.backends.length }, () => new Tally());
  const overall = new Tally();
  for (let row = 0; row < log.length; row++) {
    if (!(log.arrivedUs[row]! < toUs)) continue;
    const own = backends[log.backend[row]!];
    const { in: bytesIn, out: bytesOut } = sizes.bytes(log.client[row]!, log.class[row]!);
    for (const tally of own === undefined ? [overall] : [overall, own]) count(tally, log, row, fromUs, toUs);
    const isServed = log.outcome[row] === SERVED && within(log.endedUs[row]!, fromUs, toUs);
    for (const tally of own === undefined ? [overall] : [overall, own]) {
      if (within(log.arrivedUs[row]!, fromUs, toUs)) tally.bytesIn += bytesIn;
      if (isServed) tally.bytesOut += bytesOut;
    }
  }
  const sent = backends.map((tally) => tally.sent);
  const all = sizes.maxConnections.reduce((sum, bound) => sum + bound, 0);
  return {
    overall: overall.reading(fromUs, toUs, all),
    backends: backends.map((tally, at) => tally.reading(fromUs, toUs, sizes.maxConnections[at] ?? Infinity)),
    fairness: jainIndex(sent),
    imbalance: peakToMean(sent),
  };
}

class Tally {
  latenciesUs: number[] = [];
  served = 0;
  failed = 0;
  sent = 0;
  inFlight = 0;
  peakInFlight = 0;
  queued = 0;
  bytesIn = 0;
  bytesOut = 0;

  reading(fromUs: number, toUs: number, bound: number): Reading {
    const { served, failed, inFlight, peakInFlight, queued, bytesIn, bytesOut } = this;
    const sorted = Float64Array.from(this.latenciesUs).sort();
    const rank = (perMille: number) => sorted[Math.ceil((perMille * sorted.length) / 1000) - 1] ?? NaN;
    return {
      rateRps: served / ((toUs - fromUs) / 1_000_000),
      served,
      failed,
      errorShare: failed / (served + failed),
      p50Us: rank(500),
      p90Us: rank(900),
      p99Us: rank(990),
      p999Us: rank(999),
      inFlight,
      peakInFlight,
      queued,
      poolUse: bound === Infinity ? NaN : peakInFlight / bound,
      bytesIn,
      bytesOut,
    };
  }
}

function count(tally: Tally, log: RequestLog, row: number, fromUs: number, toUs: number): void {
  const outcome = log.outcome[row]!;
  const endedUs = log.endedUs[row]!;
  const isOver = outcome !== PENDING && endedUs < toUs;
  if (!isOver) tally.inFlight++;
  if (!isOver && log.queuedUs[row]! < toUs && !(log.startedUs[row]! < toUs)) tally.queued++;
  if (within(log.arrivedUs[row]!, fromUs, toUs) && log.backend[row] !== -1) {
    tally.sent++;
    tally.peakInFlight = Math.max(tally.peakInFlight, log.inFlight[row]!);
  }
  if (!isOver || endedUs < fromUs) return;
  if (outcome === SERVED) {
    tally.served++;
    tally.latenciesUs.push(endedUs - log.sentUs[row]!);
  } else tally.failed++;
}

function within(atUs: number, fromUs: number, toUs: number): boolean {
  return atUs >= fromUs && atUs < toUs;
}
