import { EVENT_KIND, FAILURE, STATUS_OF_FAILURE } from './event-kind.ts';
import { SERVED } from './request-log.ts';
import type { RequestLog } from './request-log.ts';
import type { Trace } from './trace.ts';

/** What the log of requests does not hold, by index. */
export interface LineFacts {
  readonly request: (client: number, requestClass: number) => { method: string; path: string; responseBytes: number };
  readonly poolOf: (backend: number) => string;
}

interface Known {
  pickedUs: number;
  connectUs: number;
  first: number;
  retries: number;
}

/**
 * The run as HAProxy would have logged it (`option httplog`), a line for each request in the order in which they ended:
 *
 *   client [date] frontend pool/backend TR/Tw/Tc/Tr/Ta status bytes - - state actconn/feconn/beconn/srv_conn/retries srv_queue/pool_queue "request"
 *
 * Times are milliseconds: TR to read the request (it comes whole: 0), Tw in the balancer until it was last sent, Tc for a connection to the backend, Tr
 * until the client had the response, Ta in all; -1 where it did not come so far. A `+` before the retries: the last one went elsewhere. The clock of
 * the dates began with the run. Clients stand under their names, and a path is that of the request's class. Of the counts of connections the log knows
 * what was in flight at the backend; the others are those of the requests then at the balancer.
 * Source: HAProxy's configuration manual, section 8.2.3.
 */
export function accessLog(trace: Trace, log: RequestLog, facts: LineFacts): string[] {
  const lines: string[] = [];
  const known = new Map<number, Known>();
  for (let row = 0; row < trace.length; row++) {
    const { atUs, kind, request, backend, value } = trace.at(row);
    if (kind === EVENT_KIND.arrived) known.set(request, { pickedUs: NaN, connectUs: 0, first: -1, retries: 0 });
    const one = known.get(request);
    if (one === undefined) continue;
    if (kind === EVENT_KIND.picked) {
      one.pickedUs = atUs;
      one.connectUs = 0;
      if (one.first === -1) one.first = backend;
    } else if (kind === EVENT_KIND.connected) one.connectUs = value;
    else if (kind === EVENT_KIND.retried) one.retries++;
    else if (kind === EVENT_KIND.served || kind === EVENT_KIND.failed) {
      lines.push(line(log, request - 1, one, known.size, facts));
      known.delete(request);
    }
  }
  return lines;
}

function line(log: RequestLog, row: number, one: Known, present: number, facts: LineFacts): string {
  const client = log.client[row]!;
  const backend = log.backend[row]!;
  const outcome = log.outcome[row]!;
  const arrivedUs = log.arrivedUs[row]!;
  const { method, path, responseBytes } = facts.request(client, log.class[row]!);
  const isServed = outcome === SERVED;
  const server = backend === -1 ? '<NOSRV>' : log.names.backends[backend]!;
  const pool = backend === -1 ? 'front' : facts.poolOf(backend);
  const wasSent = !Number.isNaN(one.pickedUs);
  const times = [
    0,
    wasSent ? ms(one.pickedUs - arrivedUs) : -1,
    wasSent ? ms(one.connectUs) : -1,
    isServed ? ms(log.endedUs[row]! - one.pickedUs - one.connectUs) : -1,
    ms(log.endedUs[row]! - arrivedUs),
  ].join('/');
  const status = isServed ? 200 : STATUS_OF_FAILURE[outcome]!;
  const moved = one.retries > 0 && backend !== one.first ? '+' : '';
  const counts = `${present}/${present}/${present}/${log.inFlight[row]!}/${moved}${one.retries}`;
  const bytes = isServed ? responseBytes : 0;
  const state = isServed ? '----' : (STATE[outcome] ?? 'SC--');
  return `${log.names.clients[client]!} [${date(arrivedUs)}] front ${pool}/${server} ${times} ${status} ${bytes} - - ${state} ${counts} 0/0 "${method} ${path} HTTP/1.1"`;
}

/** HAProxy's termination states: who ended it (C client, S server, P proxy; c, s: a timeout), and where it stood. */
const STATE: Readonly<Record<number, string>> = {
  [FAILURE.noBackend]: 'SC--',
  [FAILURE.queueFull]: '----',
  [FAILURE.refused]: 'SC--',
  [FAILURE.reset]: 'SH--',
  [FAILURE.timeout]: 'sH--',
  [FAILURE.abandoned]: 'CH--',
  [FAILURE.noRoute]: 'PR--',
  [FAILURE.error]: '----',
  [FAILURE.limited]: 'PR--',
  [FAILURE.replied]: 'LR--',
  [FAILURE.waited]: 'sQ--',
  [FAILURE.crowded]: 'PQ--',
  [FAILURE.broken]: 'PR--',
  [FAILURE.shed]: 'PQ--',
};

function ms(us: number): number {
  return Math.floor(us / 1000);
}

/** As on 1 January 1970, and the days after it. */
function date(us: number): string {
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  const seconds = Math.floor(us / 1_000_000);
  const day = 1 + Math.floor(seconds / 86_400);
  const clock = [seconds / 3600, seconds / 60, seconds].map((of, at) => pad(Math.floor(of) % (at === 0 ? 24 : 60)));
  return `${pad(day)}/Jan/1970:${clock.join(':')}.${pad(ms(us) % 1000, 3)}`;
}
