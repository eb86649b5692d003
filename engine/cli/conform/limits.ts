/** Rate limits: vectors and recordings of nginx and HAProxy, replayed by the engine's own policies. */
import { Clock, PolicyContext } from '../../balancer/context.ts';
import type { AdmissionPolicy } from '../../core/policy.ts';
import { Prng } from '../../core/prng.ts';
import { RequestView } from '../../core/request.ts';
import { rejectProbability } from '../../traffic/adaptive-throttling.ts';
import { intervalTokenBucket } from '../../traffic/interval-token-bucket.ts';
import { leakyBucket } from '../../traffic/leaky-bucket.ts';
import { frequency, slidingWindowCounter } from '../../traffic/sliding-window-counter.ts';
import { tokenBucket } from '../../traffic/token-bucket.ts';
import { notApplicable, same } from './finding.ts';
import type { Finding, Recording, VectorFamily, VectorRow } from './finding.ts';

type Params = Readonly<Record<string, number>>;
type Answer = ReturnType<AdmissionPolicy['admit']>;

/** Tokens are exact in ours and carry a rounding or two in rows that were computed in seconds. */
const ROUNDING = 1e-9;

export const limitVectors: VectorFamily['vectors'] = {
  'limit_req leaky bucket': (row) => {
    const { rate_rps: rateRps = 0, burst = 0 } = row.params as Params;
    const limit = leakyBucket({ rateRps, burst });
    const got = timesOf(row).map((atMs) => {
      const answer = asker(limit)(atMs * 1_000);
      const decision = typeof answer === 'number' ? 'reject' : answer === undefined ? 'pass' : 'delay_or_nodelay';
      return { excess_milli: limit.lastExcess, decision };
    });
    return same(row.expected, got);
  },
  'token bucket': (row) => {
    const { rate_per_s: rateRps = 0, burst = 0 } = row.params as Params;
    return tokenFinding(row, tokenBucket({ rateRps, burst }));
  },
  'interval-fill token bucket': (row) => {
    const {
      max_tokens: maxTokens = 0,
      tokens_per_fill: tokensPerFill = 0,
      fill_interval_ms = 0,
    } = row.params as Params;
    return tokenFinding(
      row,
      intervalTokenBucket({ maxTokens, tokensPerFill, fillIntervalUs: fill_interval_ms * 1_000 }),
    );
  },
  'sliding frequency counter': (row) => {
    const { prev_period_events = 0, current_period_events = 0, ms_since_period_start = 0 } = row.input as Params;
    const { period_ms = 0 } = row.params as Params;
    return same(row.expected, frequency(prev_period_events, current_period_events, ms_since_period_start, period_ms));
  },
  'adaptive client throttling': (row) => {
    const { requests_in_2min = 0, accepts_in_2min = 0 } = row.input as Params;
    const { K = 0 } = row.params as Params;
    // The rows are rounded to nine decimals.
    const reject_probability = Math.round(rejectProbability(requests_in_2min, accepts_in_2min, K) * 1e9) / 1e9;
    return same(row.expected, { reject_probability }, ROUNDING);
  },
};

export const limitRecordings: VectorFamily['recordings'] = [
  { of: /^nginx: limit_req/, replay: replayNginx },
  { of: /^haproxy: stick-table http_req_rate/, replay: replayHaproxy },
];

function timesOf(row: VectorRow): readonly number[] {
  return (row.input as { readonly request_times_ms: readonly number[] }).request_times_ms;
}

function tokenFinding(row: VectorRow, limit: AdmissionPolicy & { tokens(key: string): number | undefined }): Finding {
  const ask = asker(limit);
  const got = timesOf(row).map((t_ms) => {
    const allowed = ask(t_ms * 1_000) === undefined;
    return { t_ms, allowed, tokens_after: limit.tokens('') };
  });
  return same(row.expected, got, ROUNDING);
}

/** Asks a limit, as a balancer would, whether a request of this address may pass at this time. */
function asker(limit: AdmissionPolicy): (atUs: number, address?: string) => Answer {
  const clock = new Clock();
  const context = new PolicyContext(clock, new Prng(1));
  return (atUs, address = '127.0.0.1') => {
    clock.nowUs = Math.round(atUs);
    return limit.admit(new RequestView(1, 1, { ...TEMPLATE, firstAddress: numberOf(address) }), context);
  };
}

const TEMPLATE = { client: 'c', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };

function numberOf(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

interface Sent {
  readonly client: string;
  readonly t_ms: number;
  readonly status: number;
  /** From sending to the answer. */
  readonly ms?: number;
  readonly rate_seen_by_balancer?: number;
  readonly pick: string;
}

/** Who answered belongs to the request: behind these limits stands one backend, or whoever the recording says. */
function sentOf({ requests, picks }: Recording): Sent[] {
  return (requests as unknown as Sent[]).map((request, at) => ({ ...request, pick: picks[at]! }));
}

interface Told {
  readonly status: number;
  readonly waitMs: number;
  readonly rate?: number;
}

/** A request reached the balancer after it was sent, and before its answer came or the next was sent; five milliseconds are the most that is allowed for. */
const LATEST_MS = 5;
/** A request that had not to wait took up to 27 ms in these recordings; timers fire a millisecond early at most. */
const SLOWEST_MS = 27;

/**
 * Replays at the times of sending. Where that answers otherwise than recorded, up to two requests are taken to have arrived some milliseconds later, within their
 * ranges: the clocks of the balancers count whole milliseconds, so that much can carry a request over the border of a period. No such choice: it differs.
 */
function replay(requests: readonly Sent[], run: (arrivalsMs: readonly number[]) => readonly Told[]): Finding {
  const latest = requests.map(({ t_ms, ms = LATEST_MS }, index) =>
    Math.min(t_ms + ms, Math.max(t_ms, requests[index + 1]?.t_ms ?? Infinity)),
  );
  const sent = requests.map(({ t_ms }) => t_ms);
  const wrongWith = (late: readonly number[], byMs: number): number => {
    const told = run(sent.map((atMs, index) => (late.includes(index) ? Math.min(atMs + byMs, latest[index]!) : atMs)));
    return requests.findIndex((request, index) => !agrees(request, told[index]!));
  };
  const wrong = wrongWith([], 0);
  if (wrong < 0) return { is: 'matched' };
  for (let byMs = 1; byMs <= LATEST_MS; byMs++) {
    for (let first = wrong; first >= 0; first--) {
      for (let second = first; second >= 0; second--) {
        if (wrongWith([first, second], byMs) < 0) return { is: 'matched' };
      }
    }
  }
  return { is: 'differing', where: `requests[${wrong}]`, expected: requests[wrong], got: run(sent)[wrong] };
}

function agrees(sent: Sent, told: Told): boolean {
  if (sent.status !== told.status) return false;
  // The balancer answers a refused request itself; any other is a backend's.
  const refused = `STATUS_${told.status}`;
  if (told.status === 200 ? sent.pick.startsWith('STATUS_') : sent.pick !== refused) return false;
  if (sent.rate_seen_by_balancer !== undefined && sent.rate_seen_by_balancer !== told.rate) return false;
  return (
    sent.ms === undefined ||
    sent.status !== 200 ||
    Math.abs(sent.ms - told.waitMs - SLOWEST_MS / 2) <= SLOWEST_MS / 2 + 1
  );
}

function replayNginx(recording: Recording): Finding {
  const { config } = recording;
  const requests = sentOf(recording);
  const zone = /limit_req_zone\s+(\S+)\s+zone=\S+\s+rate=(\d+)r\/([sm])/.exec(config);
  const limit = /limit_req\s+zone=[^;]*/.exec(config.replace(zone?.[0] ?? '', ''))?.[0];
  if (zone === null || limit === undefined) return notApplicable('its configuration has no limit_req');
  const [, key = '', rate = '0', unit] = zone;
  const rateRps = unit === 'm' ? Number(rate) / 60 : Number(rate);
  const burst = Number(/burst=(\d+)/.exec(limit)?.[1] ?? 0);
  const delay = Number(/\bdelay=(\d+)/.exec(limit)?.[1] ?? 0);
  const noDelay = /\bnodelay\b/.test(limit);
  const refusal = Number(/limit_req_status\s+(\d+)/.exec(config)?.[1] ?? 503);
  const by = key.includes('remote_addr') ? 'address' : 'all';
  return replay(requests, (arrivals) => {
    const ask = asker(leakyBucket({ rateRps, burst, delay, noDelay, by }));
    return arrivals.map((atMs, index) => {
      const answer = ask(atMs * 1_000, requests[index]!.client);
      if (typeof answer === 'number') return { status: refusal, waitMs: 0 };
      return { status: 200, waitMs: (answer?.waitUs ?? 0) / 1_000 };
    });
  });
}

function replayHaproxy(recording: Recording): Finding {
  const { config } = recording;
  const requests = sentOf(recording);
  const [, period = '', unit = ''] = /http_req_rate\((\d+)(ms|s|m)\)/.exec(config) ?? [];
  const most = /sc_http_req_rate\(0\)\s+(gt|ge)\s+(\d+)/.exec(config);
  if (period === '' || most === null) return notApplicable('its configuration has no limit on http_req_rate');
  const windowUs = Number(period) * (unit === 'ms' ? 1_000 : unit === 's' ? 1_000_000 : 60_000_000);
  const limit = Number(most[2]) - (most[1] === 'ge' ? 1 : 0);
  const refusal = Number(/deny_status\s+(\d+)/.exec(config)?.[1] ?? 403);
  // A deny rule before the track rule counts only what it lets through.
  const countRefused = config.indexOf('track-sc0') < config.indexOf('http-request deny');
  return replay(requests, (arrivals) => {
    const counter = slidingWindowCounter({ limit, windowUs, countRefused, by: 'address' });
    const ask = asker(counter);
    return arrivals.map((atMs, index) => {
      const refused = ask(atMs * 1_000, requests[index]!.client) !== undefined;
      return { status: refused ? refusal : 200, waitMs: 0, rate: counter.lastRate };
    });
  });
}
