import { EVENT_KIND } from './event-kind.ts';
import { SERVED } from './request-log.ts';
import type { RequestLog } from './request-log.ts';
import type { Trace } from './trace.ts';

/** What a run has written: its trace and log. */
interface Written {
  readonly trace: Trace;
  readonly log: RequestLog;
}

/**
 * What a run had written when `requests` requests had arrived and its trace had `rows` rows, for one that has written nothing. A trace only grows, so its beginning
 * is a copy; a line of the log changes with each event of its request, so those that have events later on are written anew from the events before.
 * O(length of the trace), a fiftieth of running it again.
 */
export function writeEarlier(to: Written, from: Written, rows: number, requests: number): void {
  to.trace.begin(from.trace, rows);
  to.log.begin(from.log, requests);
  const goesOn = new Uint8Array(requests + 1);
  for (let row = rows; row < from.trace.length; row++) {
    const id = from.trace.request[row]!;
    if (id <= requests) goesOn[id] = 1;
  }
  goesOn[0] = 0;
  const oldest = goesOn.indexOf(1);
  if (oldest < 0) return;
  for (let id = oldest; id <= requests; id++) if (goesOn[id] === 1) to.log.reopen(id);
  for (let row = to.trace.firstAt(to.log.arrivedUs[oldest - 1]!); row < rows; row++)
    if (goesOn[to.trace.request[row]!] === 1) follow(to, row);
}

/** The line of the log that an event changes, as whoever wrote the event changed it. */
function follow({ trace, log }: Written, row: number): void {
  const id = trace.request[row]!;
  const atUs = trace.atUs[row]!;
  const value = trace.value[row]!;
  switch (trace.kind[row]!) {
    case EVENT_KIND.picked:
      log.pick(id, trace.backend[row]!, value);
      break;
    case EVENT_KIND.queued:
      log.queue(id, atUs);
      break;
    case EVENT_KIND.started:
      log.start(id, atUs);
      break;
    case EVENT_KIND.served:
      log.end(id, atUs, SERVED);
      break;
    case EVENT_KIND.failed:
      log.end(id, atUs, value);
      break;
  }
}
