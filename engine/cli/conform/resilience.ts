import { dynamicMaxconn } from '../../balancer/waiting-room.ts';
import { isWithin } from '../../balancer/circuit-limits.ts';
import { fullJitterBoundUs, nominalUs } from '../../traffic/backoff.ts';
import { retriesAllowed } from '../../traffic/concurrent-retry-budget.ts';
import { encodeProxyV1, encodeProxyV2, parseProxyV1, parseProxyV2 } from '../../traffic/proxy-protocol.ts';
import type { ProxyFamily, ProxyHeader } from '../../traffic/proxy-protocol.ts';
import { retryThrottle } from '../../traffic/retry-throttle.ts';
import { slotRetryBudget } from '../../traffic/slot-retry-budget.ts';
import { tokensOf } from '../../traffic/token-window-budget.ts';
import { notApplicable, same } from './finding.ts';
import type { Finding, VectorFamily, VectorRow } from './finding.ts';
import { replayQueue } from './haproxy-queue.ts';
import { replayRetries } from './haproxy-retries.ts';

type Row = VectorRow;

/** Backoff, budgets and breakers; PROXY headers; HAProxy's queue and retries. */
export const resilience: VectorFamily = {
  vectors: {
    'Envoy retry back-off (fully jittered)': envoyBackoff,
    'gRPC connection back-off': grpcBackoff,
    'Envoy retry budget': envoyBudget,
    'Finagle retry budget': finagleBudget,
    'tower TPS retry budget': towerBudget,
    'gRPC retry throttling': grpcThrottle,
    'Envoy circuit breaker admission': circuitLimit,
    'dynamic maxconn': maxconn,
    'PROXY v1': proxyV1,
    'PROXY v2': proxyV2,
  },
  recordings: [
    { of: /^haproxy: .*retries/, replay: replayRetries },
    { of: /^haproxy: (.*backend queue|.*timeout queue|.*maxqueue)/, replay: replayQueue },
    {
      of: /layer 4 vs layer 7/,
      replay: () =>
        notApplicable(
          'it holds throughputs and latencies of two shared cores, of which even the ratios to the direct path differ by up to eight times between rounds; a simulated balancer has the costs its scenario gives it',
        ),
    },
  ],
};

function envoyBackoff({ params, input, expected }: Row): Finding {
  const options = { baseUs: ms(params.base_interval_ms), maxUs: optionalMs(params.max_interval_ms) };
  const { retry_number } = input as { retry_number: number[] };
  return same(expected, { exclusive_upper_bound_ms: retry_number.map((n) => fullJitterBoundUs(options, n) / 1000) });
}

function grpcBackoff({ params, input, expected }: Row): Finding {
  const { initial_s, multiplier, jitter, max_s } = params as Record<string, number>;
  const options = { baseUs: initial_s! * 1e6, multiplier: multiplier!, maxUs: max_s! * 1e6 };
  const nominal_s = (input as { attempt: number[] }).attempt.map((n) => nominalUs(options, n) / 1e6);
  // The published seconds are rounded to six places.
  return same(expected, { nominal_s, range_factor: [1 - jitter!, 1 + jitter!] }, 1e-6);
}

function envoyBudget({ params, input, expected }: Row): Finding {
  const { budget_percent, min_retry_concurrency } = params as Record<string, number>;
  const { active_requests, pending_requests } = input as Record<string, number>;
  return same(
    expected,
    retriesAllowed(budget_percent!, min_retry_concurrency!, active_requests!, pending_requests ?? 0),
  );
}

function finagleBudget({ params, expected }: Row): Finding {
  const { ttl_s, min_retries_per_s, percent_can_retry } = params as Record<string, number>;
  const tokens = tokensOf({ ttlUs: ttl_s! * 1e6, minRetriesPerSecond: min_retries_per_s!, share: percent_can_retry! });
  return same(expected, {
    deposit_per_request: tokens.deposit,
    withdraw_per_retry: tokens.withdraw,
    reserve: tokens.reserve,
  });
}

function towerBudget({ params, input, expected }: Row): Finding {
  const { ttl_ms, min_per_second, retry_percent } = params as Record<string, number>;
  const budget = slotRetryBudget({ ttlUs: ttl_ms! * 1000, minPerSecond: min_per_second!, share: retry_percent! });
  const answers: boolean[] = [];
  for (const { t_ms, op } of input as { t_ms: number; op: string }[]) {
    if (op === 'deposit') budget.onRequest(t_ms * 1000);
    else answers.push(budget.allows(t_ms * 1000));
  }
  return same(expected, answers);
}

function grpcThrottle({ params, input, expected }: Row): Finding {
  const { max_tokens, token_ratio } = params as Record<string, number>;
  const throttle = retryThrottle({ maxTokens: max_tokens!, tokenRatio: token_ratio! });
  const got = (input as string[]).map((event) => {
    if (event === 'fail') throttle.onFailure();
    else throttle.onAnswer(true);
    return { event, tokens: throttle.tokens, retries_allowed: throttle.allows(0) };
  });
  return same(expected, got, 1e-9);
}

/** `input` names which of the limits is meant, by what is counted. */
function circuitLimit({ params, input, expected }: Row): Finding {
  const limits: Readonly<Record<string, string>> = {
    active_requests: 'max_requests',
    requests: 'max_requests',
    active_connections: 'max_connections',
    connections: 'max_connections',
    pending_requests: 'max_pending_requests',
    active_retries: 'max_retries',
    retries: 'max_retries',
  };
  const counted = Object.keys(input as object).find((name) => Object.hasOwn(limits, name));
  if (counted === undefined) throw new Error('the input counts nothing that a circuit breaker limits');
  const limit = params[limits[counted]!] as number;
  const counts = (input as Record<string, number | number[]>)[counted]!;
  return same(
    expected,
    Array.isArray(counts) ? counts.map((count) => isWithin(limit, count)) : isWithin(limit, counts),
  );
}

function maxconn({ params, input, expected }: Row): Finding {
  const { minconn, maxconn: most, fullconn } = params as Record<string, number>;
  const { backend_served } = input as { backend_served: number[] };
  return same(
    expected,
    backend_served.map((served) => dynamicMaxconn(minconn!, most!, fullconn!, served)),
  );
}

function proxyV1({ input, expected }: Row): Finding {
  const header = headerOf(input);
  const line = encodeProxyV1(header);
  const back = parseProxyV1(line);
  const written = same(expected, line);
  return written.is === 'matched' ? same(line, back && encodeProxyV1(back.header)) : written;
}

function proxyV2({ input, expected }: Row): Finding {
  const bytes = encodeProxyV2(headerOf(input));
  const written = same(expected, { hex: hexOf(bytes), bytes: bytes.length });
  const back = parseProxyV2(bytes);
  return written.is === 'matched' ? same(hexOf(bytes), back && hexOf(encodeProxyV2(back.header))) : written;
}

function headerOf(input: unknown): ProxyHeader {
  const { cmd, family, src, dst, sport, dport, tlvs } = input as {
    cmd?: 'PROXY' | 'LOCAL';
    family?: string;
    src?: string;
    dst?: string;
    sport?: number;
    dport?: number;
    tlvs?: { type: number | string; value?: string; hex?: string }[];
  };
  return {
    command: cmd ?? 'PROXY',
    family: family === undefined || family === 'UNSPEC' ? 'UNKNOWN' : (family as ProxyFamily),
    source: src,
    destination: dst,
    sourcePort: sport,
    destinationPort: dport,
    tlvs: tlvs?.map(({ type, value, hex }) => ({
      type: Number(type),
      value: hex === undefined ? Buffer.from(value ?? '') : Buffer.from(hex, 'hex'),
    })),
  };
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function ms(value: unknown): number {
  return (value as number) * 1000;
}

function optionalMs(value: unknown): number | undefined {
  return value === undefined ? undefined : ms(value);
}
