import { Meter, meter } from './meter.ts';
import { has, NotApplicable, numberIn, numberOf, textOf, toleranceOf, UNIT_US } from './row.ts';
import type { Kind, Measured, Row, Setting } from './row.ts';
import { pickOf, serviceOf, speedsOf } from './words.ts';
import type { Pick } from './words.ts';
import { world } from './world.ts';

/** Queues in the long run: arrivals, service times and a way of picking, measured after a warm-up over so many requests. */
export const queueing: Kind = {
  name: 'queues in the long run',
  takes: (row) => (has(row, 'backends') && isSteady(row)) || /^as hetero/.test(String(row.scenario.backends)),
  measure,
};

function isSteady(row: Row): boolean {
  return has(row, 'lambda_') || has(row, 'rho') || has(row, 'mean_rate') || has(row, 'batch_rate');
}

/** Requests to measure: as the row says, or enough for its tolerance. */
const ENOUGH = 1_000_000;
/** What a quick run aims at, relative. */
const QUICK_TOLERANCE = 0.15;
const QUICK_LEAST = 50_000;

interface Queues {
  readonly rate: number;
  readonly speeds: readonly number[];
  readonly warmup: number;
  readonly parts: Readonly<Record<string, unknown>>;
}

function measure(given: Row, setting: Setting): Measured {
  const row = resolved(given, setting.rows);
  const queues = queuesOf(row);
  const requests = requestsFor(row, setting.quick);
  const all = queues.warmup + requests;
  // Twice the time that so many arrivals take on average, and some for the last to end: far more than chance can ask for.
  const durationUs = Math.ceil(((2 * all) / queues.rate + 10_000) * UNIT_US);
  const scenario = world({ ...queues.parts, durationUs });
  const levels = /fraction of backends/.test(row.metric);
  const found = meter(scenario, setting.seed, new Meter(queues.warmup, requests, queues.speeds.length, levels));
  return {
    got: metricOf(row.metric, found, queues.speeds),
    requests,
    ...(requests !== row.requests_needed && { tolerance: toleranceAt(row, requests) }),
  };
}

/** "as hetero-p2c-r60": that row if the file has it; otherwise what its name says of picker and load. */
function resolved(row: Row, rows: readonly Row[]): Row {
  const named = /^as (\S+)/.exec(String(row.scenario.backends))?.[1];
  if (named === undefined) return row;
  const other = rows.find(({ id }) => id === named);
  if (other !== undefined) return { ...row, scenario: other.scenario };
  const load = numberIn(named, /r(\d+)$/);
  const pickers: Readonly<Record<string, string>> = {
    jsq: 'least-connections, ties random',
    lc: 'least-connections, ties random',
    p2c: 'P2C distinct',
    rr: 'equal round-robin',
    rand: 'equal random',
    wrand: 'weighted random 2:2:2:1:1',
    wrr: 'smooth weighted round-robin',
    swrr: 'smooth weighted round-robin',
    wlc: 'weighted LC, conns/weight',
    wlc1: 'weighted LC, (conns+1)/weight (LVS SED)',
  };
  const picker = pickers[/^hetero-([a-z0-9]+)-/.exec(named)?.[1] ?? ''];
  if (load === undefined || picker === undefined)
    throw new NotApplicable(`it refers to the row "${named}", which is not in the file`);
  // The heterogeneous pool: three fast backends and two of half their speed, four fast ones' worth of capacity.
  return {
    ...row,
    scenario: {
      backends: '3 fast (mean 1) + 2 half-speed (mean 2)',
      service: 'exponential',
      lambda_: (4 * load) / 100,
      picker,
    },
  };
}

function queuesOf(row: Row): Queues {
  const { scenario } = row;
  const speeds = speedsOf(scenario.backends);
  const workers = has(row, 'workers') ? numberOf(row, 'workers') : 1;
  const capacity = workers * speeds.reduce((sum, speed) => sum + speed, 0);
  const { rate, arrivals } = arrivalsOf(row, capacity);
  const service = serviceOf(has(row, 'service') ? textOf(row, 'service') : 'exp');
  const pick: Pick = has(row, 'picker') ? pickOf(textOf(row, 'picker')) : { name: 'random' };
  const limit = has(row, 'queue_limit') ? { queueLimit: numberOf(row, 'queue_limit') } : {};
  const pool = {
    picker: { name: pick.name, options: pick.options ?? {} },
    backends: speeds.map((speed, index) => ({
      id: `b${index}`,
      workers,
      speed,
      weight: weightOf(pick, speeds, index),
      service: { default: service },
      ...limit,
    })),
  };
  return {
    rate,
    speeds,
    warmup: row.warmup_requests ?? warmupFor(rate / capacity, speeds.length),
    parts: { clients: [{ id: 'c', arrivals }], pools: [pool], ...tierOf(row, pick) },
  };
}

/** Several balancers, each reached by chance, that know their own requests; or loads that are read off a board. */
function tierOf(row: Row, { boardEvery }: Pick): Record<string, unknown> {
  const lbs = has(row, 'lbs') ? numberOf(row, 'lbs') : 1;
  if (lbs === 1 && boardEvery === undefined) return {};
  const view =
    boardEvery === undefined ? { kind: 'own' } : { kind: 'board', everyUs: Math.round(boardEvery * UNIT_US) };
  return { tier: { nodes: [{ id: 'lb', count: lbs }], reach: { kind: 'direct', choice: 'random' }, view } };
}

/** In proportion to speed, the slowest has 1: whole numbers where speeds are whole multiples. */
function weightOf({ weights }: Pick, speeds: readonly number[], index: number): number {
  if (weights === 'by speed') return speeds[index]! / Math.min(...speeds);
  return weights?.[index] ?? 1;
}

function arrivalsOf(row: Row, capacity: number): { rate: number; arrivals: Record<string, unknown> } {
  const text = has(row, 'arrivals') ? textOf(row, 'arrivals') : 'poisson';
  const size = numberIn(text, /batches of (?:exactly )?(\d+)/i);
  if (size !== undefined) {
    const rateRps = numberOf(row, 'batch_rate') * size;
    return { rate: rateRps, arrivals: { kind: 'batches', rateRps, size } };
  }
  if (/IPP|MMPP|on\/off|modulated/i.test(text)) {
    const states = statesOf(row);
    const cycleUs = states.reduce((sum, { meanUs }) => sum + meanUs, 0);
    const rate = states.reduce((sum, { rateRps, meanUs }) => sum + rateRps * meanUs, 0) / cycleUs;
    return { rate, arrivals: { kind: 'modulated', states } };
  }
  const rateRps = has(row, 'lambda_') ? numberOf(row, 'lambda_') : numberOf(row, 'rho') * capacity;
  if (/^poisson/i.test(text)) return { rate: rateRps, arrivals: { kind: 'poisson', rateRps } };
  if (/^(constant|determ|equally)/i.test(text)) return { rate: rateRps, arrivals: { kind: 'constant', rateRps } };
  throw new NotApplicable(`the arrivals "${text}" are not understood`);
}

/** Fields rate_… and mean_… in turn, whatever the states are called; they may also be lists. */
function statesOf(row: Row): { rateRps: number; meanUs: number }[] {
  const listed = (prefix: RegExp) =>
    Object.entries(row.scenario)
      .filter(([name]) => prefix.test(name))
      .flatMap(([, value]) => value as number | number[]);
  const rates = listed(/^rates?(_(?!mean)|$)/);
  const means = listed(/^means?(_(?!rate)|$)/);
  if (rates.length < 2 || rates.length !== means.length)
    throw new NotApplicable('the states of its arrivals need as many fields rate_… as mean_…');
  return rates.map((rateRps, index) => ({ rateRps, meanUs: Math.round(means[index]! * UNIT_US) }));
}

/** Ten relaxation times of M/M/1, for each of the backends. */
function warmupFor(load: number, count: number): number {
  const root = 1 - Math.sqrt(load);
  // A large pool relaxes together: what it has in requests for each backend grows no further.
  return Math.max(10_000, Math.ceil(((10 * load) / (root * root)) * Math.min(count, 10)));
}

function requestsFor(row: Row, quick: boolean): number {
  const full = row.requests_needed ?? enoughFor(row);
  if (!quick || row.kappa === undefined) return full;
  const aimed = Math.ceil(((4 * row.kappa) / QUICK_TOLERANCE) * ((4 * row.kappa) / QUICK_TOLERANCE));
  return Math.min(full, Math.max(QUICK_LEAST, aimed));
}

function enoughFor({ kappa, tolerance_rel: relative }: Row): number {
  if (kappa === undefined || typeof relative !== 'number') return ENOUGH;
  return Math.ceil(((4 * kappa) / relative) * ((4 * kappa) / relative));
}

/** Four standard errors at this number of requests, and the reference's own error. */
function toleranceAt(row: Row, requests: number): number {
  const expected = Number(row.expected);
  if (row.kappa === undefined) return toleranceOf(row, expected);
  return ((4 * row.kappa) / Math.sqrt(requests)) * expected + (row.reference_ci95 ?? 0);
}

function metricOf(metric: string, found: Meter, speeds: readonly number[]): number | number[] {
  if (/^mean sojourn/.test(metric)) return found.sojourns.mean / UNIT_US;
  const percent = numberIn(metric, /^p([\d.]+) sojourn/);
  if (percent !== undefined) return found.sojourns.quantile(percentOf(percent)) / UNIT_US;
  if (/number in system/.test(metric)) return found.meanInSystem;
  if (/that wait/.test(metric)) return found.waitedShare;
  if (/rejected fraction/.test(metric)) return found.rejectedShare;
  if (/share of requests per backend/.test(metric)) return speeds.map((_, backend) => found.shareOf([backend]));
  if (/slow backends/.test(metric)) {
    const fastest = Math.max(...speeds);
    return found.shareOf(speeds.flatMap((speed, backend) => (speed < fastest ? [backend] : [])));
  }
  const least = numberIn(metric, /fraction of backends with >= (\d+)/);
  if (least !== undefined) return found.shareWithAtLeast(least);
  throw new NotApplicable(`the metric "${metric}" is not measured here`);
}

/** "p99" and "p999" alike: beyond two digits the rest stands behind the point. */
function percentOf(written: number): number {
  return written > 100 ? written / 10 : written;
}
