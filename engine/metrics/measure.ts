import { FAILURE } from './event-kind.ts';
import { PENDING, SERVED } from './request-log.ts';
import type { RequestLog } from './request-log.ts';
import { nearestRank } from './sample.ts';

/**
 * A number asked of a run. Absent filters let everything through; times bound when a request ended: fromUs <= end < toUs.
 * - `p50`, `p95`, `p99`, `mean`, `max`: latency of served requests as their clients saw it, microseconds; NaN if there are none.
 *   Percentiles are exact, by nearest rank.
 * - `count`: requests that ended; `served`, `failed`: how many of them did so.
 * - `rate`: served requests per second from `fromUs` (else 0) to `toUs` (else the last end in the log); NaN for an empty stretch.
 * - `share`: of the requests sent to any backend, the part sent to `backends`; NaN if none was sent. Requests still under way count as
 *   well, so here the times bound the arrival at the balancer.
 * - `waiting`: requests in the queues of backends at `toUs` (else at the last end in the log).
 * - `peak-in-flight`: the most requests that were in flight at one backend at once, of those that arrived between the times; 0 if none was sent.
 */
export interface Query {
  readonly metric:
    | 'p50'
    | 'p95'
    | 'p99'
    | 'mean'
    | 'max'
    | 'count'
    | 'served'
    | 'failed'
    | 'rate'
    | 'share'
    | 'waiting'
    | 'peak-in-flight';
  /** Ids, as in all three. A request belongs to the backend it was last sent to. */
  readonly backends?: readonly string[] | undefined;
  readonly clients?: readonly string[] | undefined;
  readonly classes?: readonly string[] | undefined;
  /** Counts only failures of this kind as `failed`. */
  readonly failure?: keyof typeof FAILURE | undefined;
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

/** Answers a query (DECISIONS.md, 13 and 14). Throws a RangeError that lists the known ids if a filter names an unknown one. */
export function measure(log: RequestLog, query: Query): number {
  const fromUs = query.fromUs ?? 0;
  const toUs = query.toUs ?? Infinity;
  switch (query.metric) {
    case 'share':
      return share(log, query, fromUs, toUs);
    case 'waiting':
      return countWaiting(log, query, query.toUs ?? lastEndUs(log));
    case 'peak-in-flight':
      return peakInFlight(log, query, fromUs, toUs);
    case 'count':
    case 'failed':
    case 'served':
      return countEnded(log, query, fromUs, toUs);
    case 'rate': {
      const untilUs = query.toUs ?? lastEndUs(log);
      return untilUs > fromUs
        ? countEnded(log, { ...query, metric: 'served' }, fromUs, toUs) / ((untilUs - fromUs) / 1_000_000)
        : NaN;
    }
    case 'mean': {
      const latencies = latenciesUs(log, query, fromUs, toUs);
      return latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length;
    }
    case 'max':
      return nearestRank(latenciesUs(log, query, fromUs, toUs).sort(), 100);
    case 'p50':
    case 'p95':
    case 'p99':
      return nearestRank(latenciesUs(log, query, fromUs, toUs).sort(), Number(query.metric.slice(1)));
  }
}

function latenciesUs(log: RequestLog, query: Query, fromUs: number, toUs: number): Float64Array {
  const matches = rowFilter(log, query);
  const latencies = new Float64Array(log.length);
  let found = 0;
  for (let row = 0; row < log.length; row += 1) {
    if (log.outcome[row] !== SERVED || !within(log.endedUs[row]!, fromUs, toUs) || !matches(row)) continue;
    latencies[found] = log.endedUs[row]! - log.sentUs[row]!;
    found += 1;
  }
  return latencies.subarray(0, found);
}

function countEnded(log: RequestLog, query: Query, fromUs: number, toUs: number): number {
  const matches = rowFilter(log, query);
  const failure = query.failure === undefined ? undefined : FAILURE[query.failure];
  let found = 0;
  for (let row = 0; row < log.length; row += 1) {
    const outcome = log.outcome[row]!;
    if (outcome === PENDING || !within(log.endedUs[row]!, fromUs, toUs)) continue;
    if (query.metric === 'served' && outcome !== SERVED) continue;
    if (query.metric === 'failed' && (outcome === SERVED || (failure !== undefined && outcome !== failure))) continue;
    if (matches(row)) found += 1;
  }
  return found;
}

function share(log: RequestLog, query: Query, fromUs: number, toUs: number): number {
  const matches = rowFilter(log, query);
  const matchesButBackend = rowFilter(log, { ...query, backends: undefined });
  let sent = 0;
  let found = 0;
  for (let row = 0; row < log.length; row += 1) {
    if (log.backend[row] === -1 || !within(log.arrivedUs[row]!, fromUs, toUs)) continue;
    if (matchesButBackend(row)) sent += 1;
    if (matches(row)) found += 1;
  }
  return found / sent;
}

/** Who gave up waiting still stands in the queue; a crash empties it. */
function countWaiting(log: RequestLog, query: Query, atUs: number): number {
  const matches = rowFilter(log, query);
  let found = 0;
  for (let row = 0; row < log.length; row += 1) {
    if (!(log.queuedUs[row]! <= atUs) || log.startedUs[row]! <= atUs) continue;
    if (log.outcome[row] === FAILURE.reset && log.endedUs[row]! <= atUs) continue;
    if (matches(row)) found += 1;
  }
  return found;
}

function peakInFlight(log: RequestLog, query: Query, fromUs: number, toUs: number): number {
  const matches = rowFilter(log, query);
  let peak = 0;
  for (let row = 0; row < log.length; row += 1) {
    if (within(log.arrivedUs[row]!, fromUs, toUs) && log.inFlight[row]! > peak && matches(row))
      peak = log.inFlight[row]!;
  }
  return peak;
}

function within(atUs: number, fromUs: number, toUs: number): boolean {
  return atUs >= fromUs && atUs < toUs;
}

function lastEndUs(log: RequestLog): number {
  let last = 0;
  for (let row = 0; row < log.length; row += 1) if (log.endedUs[row]! > last) last = log.endedUs[row]!;
  return last;
}

function rowFilter(log: RequestLog, query: Query): (row: number) => boolean {
  const backends = indices('backend', log.names.backends, query.backends);
  const clients = indices('client', log.names.clients, query.clients);
  const classes = indices('request class', log.names.classes, query.classes);
  return (row) =>
    (backends === undefined || backends.has(log.backend[row]!)) &&
    (clients === undefined || clients.has(log.client[row]!)) &&
    (classes === undefined || classes.has(log.class[row]!));
}

function indices(
  what: string,
  known: readonly string[],
  wanted: readonly string[] | undefined,
): Set<number> | undefined {
  if (wanted === undefined) return undefined;
  return new Set(
    wanted.map((name) => {
      const index = known.indexOf(name);
      if (index === -1)
        throw new RangeError(`measure: there is no ${what} "${name}" in this run; it knows ${known.join(', ')}`);
      return index;
    }),
  );
}
