import { has, NotApplicable, numberIn, numberOf, textOf, UNIT_US } from './row.ts';
import type { Kind, Row, Setting } from './row.ts';
import { serviceOf } from './words.ts';
import { backends, start, world } from './world.ts';

/** Attempts that retries make of requests, where each fails by chance. */
export const retrying: Kind = {
  name: 'attempts per request',
  takes: (row) => has(row, 'per_attempt_failure', 'max_attempts'),
  measure(row, { seed }) {
    const requests = row.requests_needed ?? REQUESTS;
    const share = has(row, 'budget') ? numberOf(row, 'budget') : undefined;
    const attempts = numberOf(row, 'max_attempts');
    return { got: attemptsPerRequest(requests, attempts, numberOf(row, 'per_attempt_failure'), share, seed), requests };
  },
};

/** Layers that each retry: what one layer sends is what the next receives. */
export const layers: Kind = {
  name: 'attempts through layers that retry',
  takes: (row) => has(row, 'layers', 'attempts_per_layer'),
  measure(row, { seed }) {
    const users = row.requests_needed ?? 1000;
    let requests = users;
    for (let layer = 0; layer < numberOf(row, 'layers'); layer += 1)
      requests = Math.round(
        requests * attemptsPerRequest(requests, numberOf(row, 'attempts_per_layer'), 1, undefined, seed),
      );
    return { got: requests / users, requests: users };
  },
};

const REQUESTS = 100_000;
const RATE = 1000;

function attemptsPerRequest(
  requests: number,
  attempts: number,
  failureShare: number,
  budgetShare: number | undefined,
  seed: number,
): number {
  // One more than attempts: no request runs out of backends it has not tried.
  const pool = backends(attempts + 1, { service: { default: { kind: 'constant', valueUs: 100 } } });
  const scenario = world({
    durationUs: Math.ceil((requests / RATE) * UNIT_US) + UNIT_US,
    clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps: RATE } }],
    pools: [
      {
        picker: { name: 'random' },
        retry: {
          retries: attempts - 1,
          on: ['5xx'],
          // Without a floor, so that the share is all there is.
          ...(budgetShare !== undefined && {
            budget: { kind: 'token-window', share: budgetShare, minRetriesPerSecond: 0 },
          }),
        },
        backends: pool,
      },
    ],
    timeline: [
      ...pool.map(({ id }) => ({ do: 'fail', atUs: 0, backend: id, share: failureShare })),
      // The last of the requests that are asked for has left; half a step later nobody else does.
      { do: 'set-rate', atUs: Math.round(((requests + 0.5) / RATE) * UNIT_US), client: 'c', rateRps: 0 },
    ],
  });
  let sent = 0;
  const simulation = start(scenario, { seed, observer: { picked: () => (sent += 1) } });
  simulation.runToEnd();
  return sent / simulation.counts.arrived;
}

/** What a rate limit lets through. */
export const rateLimit: Kind = {
  name: 'a token bucket under Poisson arrivals',
  takes: (row) => has(row, 'rate', 'burst', 'arrivals'),
  measure(row, { seed }) {
    const requests = row.requests_needed ?? REQUESTS;
    const rateRps = numberIn(textOf(row, 'arrivals'), /poisson ([\d.]+)\s*\/s/i);
    if (rateRps === undefined) throw new NotApplicable(`the arrivals "${textOf(row, 'arrivals')}" are not understood`);
    const limit = { rateRps: numberOf(row, 'rate'), burst: numberOf(row, 'burst') };
    const scenario = world({
      durationUs: Math.ceil((requests / rateRps) * UNIT_US),
      clients: [{ id: 'c', arrivals: { kind: 'poisson', rateRps } }],
      balancer: { rateLimits: [{ name: 'token-bucket', options: limit }] },
      pools: [
        {
          picker: { name: 'random' },
          backends: backends(1, { workers: 1000, service: { default: { kind: 'constant', valueUs: 1 } } }),
        },
      ],
    });
    const simulation = start(scenario, { seed });
    simulation.runToEnd();
    return { got: simulation.counts.failed / simulation.counts.arrived, requests };
  },
};

/** A stall, the retries that follow it, and whether the service ever comes back. */
export const metastable: Kind = {
  name: 'recovery from a stall under retries',
  takes: (row) => has(row, 'client_timeout_s') || /^metastable/.test(String(row.scenario.like)),
  measure(given, setting) {
    const row = { ...given, scenario: likeAnother(given, setting) };
    const stall = stallOf(row);
    const goodput = goodputOf(row, stall, setting.seed);
    const requests = row.requests_needed ?? Math.round(END_S * numberOf(row, 'lambda_rps'));
    if (/goodput fraction/.test(row.metric)) {
      const [, from, to] = /\[([\d.]+),\s*([\d.]+)\]/.exec(row.metric) ?? [];
      if (from === undefined || to === undefined) throw new NotApplicable(`"${row.metric}" names no interval of time`);
      return { got: goodput(Number(from), Number(to)), requests };
    }
    if (!/seconds .*until goodput/.test(row.metric))
      throw new NotApplicable(`the metric "${row.metric}" is not measured here`);
    const most = (numberIn(row.metric, />=\s*([\d.]+)\s*%/) ?? 99) / 100;
    for (let second = stall.toS; second < END_S; second += 1)
      if (goodput(second, second + 1) >= most) return { got: second + 1 - stall.toS, requests };
    return { got: Infinity, requests };
  },
};

const END_S = 200;

/** "metastable-retry3": that row if the file has it; otherwise the usual service and what the name says of retries and rate. */
function likeAnother({ scenario }: Row, { rows }: Setting): Row['scenario'] {
  if (typeof scenario.like !== 'string') return scenario;
  const { like, ...own } = scenario;
  const other = rows.find(({ id }) => id === like);
  const percent = numberIn(like, /budget(\d+)/);
  const usual = {
    workers: 10,
    service: 'exp 10 ms',
    lambda_rps: numberIn(like, /-l(\d+)/) ?? 700,
    client_timeout_s: 0.5,
    max_attempts: numberIn(like, /retry(\d+)/) ?? (percent === undefined ? 1 : 3),
    retry_budget: percent === undefined ? null : percent / 100,
    trigger: 'workers start nothing during t=30..40 s',
  };
  return { ...(other?.scenario ?? usual), ...own };
}

interface Stall {
  readonly fromS: number;
  readonly toS: number;
}

function stallOf(row: Row): Stall {
  const [, fromS, toS] = /t\s*=\s*([\d.]+)\s*\.\.\s*([\d.]+)/.exec(textOf(row, 'trigger')) ?? [];
  if (fromS === undefined || toS === undefined)
    throw new NotApplicable(`the trigger "${textOf(row, 'trigger')}" is not understood`);
  return { fromS: Number(fromS), toS: Number(toS) };
}

/**
 * The share of the requests that were first sent in a stretch of time and answered well, each within its client's patience. The balancer makes the attempts for
 * the client, each with the client's timeout: the server cannot tell the difference, and works on for those who have left.
 */
function goodputOf(row: Row, stall: Stall, seed: number): (fromS: number, toS: number) => number {
  const budget = row.scenario.retry_budget;
  const scenario = world({
    durationUs: END_S * UNIT_US,
    clients: [{ id: 'c', arrivals: { kind: 'poisson', rateRps: numberOf(row, 'lambda_rps') } }],
    pools: [
      {
        picker: { name: 'random' },
        timeouts: { tryUs: Math.round(numberOf(row, 'client_timeout_s') * UNIT_US) },
        retry: {
          retries: numberOf(row, 'max_attempts') - 1,
          on: ['timeout'],
          ...(typeof budget === 'number' && {
            budget: { kind: 'token-window', share: budget, minRetriesPerSecond: 0 },
          }),
        },
        backends: backends(1, {
          workers: numberOf(row, 'workers'),
          service: { default: serviceOf(textOf(row, 'service')) },
          ...(has(row, 'queue_limit') && { queueLimit: numberOf(row, 'queue_limit') }),
        }),
      },
    ],
    timeline: [
      // So slow that nothing is finished and, once all workers are held up, nothing begun; the bound of the queue stays.
      { do: 'slow', atUs: Math.round(stall.fromS * UNIT_US), backend: 'b0', factor: 1_000_000 },
      { do: 'recover', atUs: Math.round(stall.toS * UNIT_US), backend: 'b0' },
    ],
  });
  const good = new Float64Array(END_S);
  const all = new Float64Array(END_S);
  const sentAt: number[] = [];
  const observer = {
    arrived(id: number, nowUs: number) {
      sentAt[id] = Math.floor(nowUs / UNIT_US);
      if (nowUs < END_S * UNIT_US) all[sentAt[id]]! += 1;
    },
    served(id: number) {
      good[sentAt[id]!]! += 1;
    },
  };
  start(scenario, { seed, observer }).runToEnd();
  const sum = (counts: Float64Array, fromS: number, toS: number) =>
    counts.slice(fromS, toS).reduce((total, count) => total + count, 0);
  return (fromS, toS) => sum(good, fromS, toS) / sum(all, fromS, toS);
}
