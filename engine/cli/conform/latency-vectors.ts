/** Rows about what a load is by latency (tower, Linkerd, Finagle, nginx, Traefik), and about Prequal's pool of answers. */
import { BackendView, setInFlight } from '../../core/backend.ts';
import type { Backend, LoadReport } from '../../core/policy.ts';
import { RequestView } from '../../core/request.ts';
import type { LoadMetric } from '../../pickers/load/load-metric.ts';
import { MovingAverage } from '../../pickers/load/moving-average.ts';
import { estimatedMs, nextAverageMs } from '../../pickers/load/nginx-response-time.ts';
import { finaglePeakEwma, peakEwma } from '../../pickers/load/peak-ewma.ts';
import { recentMean } from '../../pickers/load/recent-mean.ts';
import { RecentQuantile, reuseBudget } from '../../pickers/prequal.ts';
import { ProbePool } from '../../pickers/probe-pool.ts';
import { traefikLeastTime } from '../../pickers/traefik-least-time.ts';
import { notApplicable, same } from './finding.ts';
import type { Finding, VectorFamily, VectorRow } from './finding.ts';
import { Replay, ScriptedRng } from './replay.ts';

type Numbers = readonly number[];

export const latencyVectors: NonNullable<VectorFamily['vectors']> = {
  'tower peak EWMA': towerSteps,
  'tower peak EWMA idle decay': idleDecay,
  'Linkerd endpoint cost when idle': idleDecay,
  'tower peak EWMA samples': towerSamples,
  'Finagle peak EWMA': finagleSteps,
  'irregular-interval EMA': movingAverage,
  'least_time estimated time': ({ input, expected }) => {
    const { avg_ms: averageMs, conns } = input as { avg_ms: number; conns: number };
    return same(expected, estimatedMs(averageMs, conns));
  },
  'response time average': responseTimes,
  'Traefik least time': traefikScores,
  'hot-cold lexicographic selection': hotCold,
  'probe pool upkeep': upkeep,
  'probe reuse': reuse,
  'probe pool capacity': capacity,
  'probe reuse budget': ({ params, input, expected }) => {
    const { pool_size: size, delta } = params as { pool_size: number; delta: number };
    const query = input as { replicas: number; probes_per_query: number; removals_per_query: number };
    const budget = reuseBudget(size, query.replicas, query.probes_per_query, query.removals_per_query, delta);
    return same(expected, budget ?? null, 1e-9); // Written with nine decimals.
  },
  'hot threshold': ({ params, input, expected }) => {
    const quantile = new RecentQuantile(params.q_rif as number);
    for (const value of input as Numbers) quantile.add(value);
    return same(expected, quantile.value);
  },
};

/** One backend and what a metric says of it, in milliseconds. */
class Watched {
  readonly #metric: LoadMetric;
  readonly #view = new BackendView(0, 's0', 'a', 1);
  readonly #ctx = { nowUs: 0, rng: new ScriptedRng() };
  readonly #request = new RequestView(1, 1, {
    client: 'c',
    class: 'default',
    method: 'GET',
    host: '',
    path: '/',
    headers: {},
  });

  constructor(metric: LoadMetric) {
    this.#metric = metric;
    metric.onPoolChange?.([this.#view], this.#ctx);
  }

  at(ms: number): this {
    this.#ctx.nowUs = ms * 1000;
    return this;
  }

  get nowMs(): number {
    return this.#ctx.nowUs / 1000;
  }

  start(): void {
    setInFlight(this.#view, this.#view.inFlight + 1);
    this.#metric.onRequestStart?.(this.#view, this.#request, this.#ctx);
  }

  end(latencyMs: number): void {
    setInFlight(this.#view, this.#view.inFlight - 1);
    this.sample(latencyMs);
  }

  sample(latencyMs: number): void {
    const outcome = { kind: 'served', status: 200, latencyUs: latencyMs * 1000, bytes: 0 } as const;
    this.#metric.onRequestEnd?.(this.#view, this.#request, outcome, this.#ctx);
  }

  read(): number {
    return this.#metric.load(this.#view, this.#ctx) / 1000;
  }
}

function tower({ params }: VectorRow): Watched {
  const { default_rtt_ms: rttMs, decay_ms: decayMs } = params as { default_rtt_ms: number; decay_ms: number };
  return new Watched(peakEwma({ defaultUs: rttMs * 1000, decayUs: decayMs * 1000 }));
}

/** The rows give nine decimals. */
function rounded(values: Numbers): Numbers {
  return values.map((value) => Math.round(value * 1e9) / 1e9);
}

/** Upstream's tests say in words what holds of each reading. */
function towerSteps(row: VectorRow): Finding {
  const watched = tower(row);
  const readings = Array.isArray(row.input)
    ? (row.input as readonly string[]).flatMap(stepsOf(watched))
    : (row.input as { load_read_at_ms: Numbers }).load_read_at_ms.map((ms) => watched.at(ms).read());
  const claims = row.expected as readonly string[];
  const broken = claims.findIndex((claim, index) => !holds(claim, readings[index]!));
  if (broken < 0) return { is: 'matched' };
  return { is: 'differing', where: `[${broken}]`, expected: claims[broken], got: readings[broken] };
}

/** "t=100 start r0, read", "t=300 r0 completes, read" */
function stepsOf(watched: Watched) {
  const startedMs = new Map<string, number>();
  return (step: string): number[] => {
    const [, at, rest] = /^t=(\d+) (.*)$/.exec(step) ?? [];
    if (at === undefined) throw new Error(`cannot read the step "${step}"`);
    watched.at(Number(at));
    return rest!.split(', ').flatMap((what) => {
      if (what === 'read') return [watched.read()];
      const name = what.replace(/^start | completes$/, '');
      if (what.startsWith('start ')) {
        startedMs.set(name, Number(at));
        watched.start();
      } else watched.end(Number(at) - startedMs.get(name)!);
      return [];
    });
  };
}

/** "> 20 ms", "< 0.1 ms", "between 9 and 10 ms", "exactly 400000000 ns" */
function holds(claim: string, ms: number): boolean {
  const numbers = (claim.match(/[\d.]+/g) ?? [])
    .map(Number)
    .map((value) => (claim.endsWith(' ns') ? value / 1e6 : value));
  const [one = NaN, other = NaN] = numbers;
  if (claim.startsWith('>')) return ms > one;
  if (claim.startsWith('<')) return ms < one;
  if (claim.startsWith('between')) return ms > one && ms < other;
  if (claim.startsWith('exactly')) return ms === one;
  throw new Error(`cannot read the claim "${claim}"`);
}

function idleDecay(row: VectorRow): Finding {
  const watched = tower(row);
  const costs = (row.input as { load_read_at_ms: Numbers }).load_read_at_ms.map((ms) => watched.at(ms).read());
  return same(row.expected, { cost_ms: rounded(costs) });
}

function towerSamples(row: VectorRow): Finding {
  const watched = tower(row);
  const readings = (row.input as readonly { t_ms: number; rtt_ms: number }[]).map(({ t_ms: atMs, rtt_ms: rttMs }) => {
    watched.at(atMs).sample(rttMs);
    return watched.read();
  });
  return same(row.expected, rounded(readings));
}

/** "1 pending, no history", "first rtt 50 ms done, read at 50 ms", "read at 10.05 s", "200 ms rtt done" */
function finagleSteps({ params, input, expected }: VectorRow): Finding {
  const watched = new Watched(finaglePeakEwma({ decayUs: (params.decay_s as number) * 1e6 }));
  const readings = (input as readonly string[]).map((step) => {
    const done = /(?:rtt (\d+) ms|(\d+) ms rtt) done/.exec(step);
    const at = /read at ([\d.]+) (ms|s)/.exec(step);
    if (/^\d+ pending/.test(step)) watched.start();
    if (done) {
      const latencyMs = Number(done[1] ?? done[2]);
      watched.at(watched.nowMs + latencyMs).end(latencyMs);
    }
    if (at) watched.at(Number(at[1]) * (at[2] === 's' ? 1000 : 1));
    return watched.read();
  });
  return same(expected, rounded(readings));
}

function movingAverage({ params, input, expected }: VectorRow): Finding {
  const average = new MovingAverage(params.window as number);
  const values = (input as readonly { t: number; x: number }[]).map(({ t, x }) => {
    average.add(x, t);
    return average.value;
  });
  return same(expected, rounded(values));
}

function responseTimes({ params, input, expected }: VectorRow): Finding {
  if (params.alpha !== 0.05) return notApplicable('nginx compiles its share of a new sample in: 0.05');
  let averageMs = 0;
  const averages = (input as Numbers).map((latencyMs) => (averageMs = nextAverageMs(averageMs, latencyMs)));
  return same(expected, averages);
}

/** The averages are brought about by answers: one, or for a fraction of a millisecond a hundred. */
function traefikScores({ params, input, expected }: VectorRow): Finding {
  const { avg_ttfb_ms: means, in_flight: inFlight } = input as { avg_ttfb_ms: (number | null)[]; in_flight: Numbers };
  const metric = recentMean();
  const picker = traefikLeastTime();
  const replay = Replay.ofWeights(picker, params.weights as Numbers);
  means.forEach((mean, slot) => {
    if (mean === null) return;
    const whole = Math.floor(mean);
    const samples = Number.isInteger(mean) ? 1 : 100;
    for (let sample = 0; sample < samples; sample += 1) {
      const latencyMs = sample < Math.round((mean - whole) * samples) ? whole + 1 : whole;
      const outcome = { kind: 'served', status: 200, latencyUs: latencyMs * 1000, bytes: 0 } as const;
      for (const learner of [metric, picker])
        learner.onRequestEnd?.(replay.views[slot]!, replay.request, outcome, replay.ctx);
    }
  });
  replay.loadUnseen(inFlight);
  const scores = replay.views.map((view) => metric.load(view, replay.ctx));
  // Ties go round by deadline: asked often enough, each candidate has had its turn.
  const turns = Array.from({ length: 1000 }, () => replay.views.indexOf(replay.pick()));
  return same(expected, { scores, candidates: [...new Set(turns)].sort((a, b) => a - b) }, 1e-9);
}

function replicas(count: number): BackendView[] {
  return Array.from({ length: count }, (_, slot) => new BackendView(slot, `s${slot}`, 'a', 1));
}

function report(inFlight: number, latencyUs: number): LoadReport {
  return { inFlight, latencyUs, utilisation: 0, rateRps: 0, errorsRps: 0 };
}

function slotsOf(views: readonly Backend[], pool: ProbePool): Numbers {
  return pool.backends.map((backend) => views.indexOf(backend)).sort((a, b) => a - b);
}

function thresholdOf({ params }: VectorRow): number {
  return (params.rif_threshold as number | null | undefined) ?? Infinity;
}

function hotCold(row: VectorRow): Finding {
  const { probes_rif_latency: probes, excluded = [] } = row.input as {
    probes_rif_latency: readonly (readonly [number, number])[];
    excluded?: Numbers;
  };
  const views = replicas(probes.length);
  const pool = new ProbePool(probes.length);
  probes.forEach(([inFlight, latencyUs], slot) => pool.add(views[slot]!, report(inFlight, latencyUs), 2, 0));
  const used = pool.use(
    thresholdOf(row),
    excluded.map((slot) => views[slot]!),
  );
  return same(row.expected, used === undefined ? null : views.findIndex((view) => view === used));
}

interface Probe {
  readonly replica: number;
  readonly received_us: number;
  readonly rif?: number;
  readonly latency_us?: number;
}

function upkeep(row: VectorRow): Finding {
  const { probes, now_us: nowUs } = row.input as { probes: readonly Probe[]; now_us: number };
  const views = replicas(Math.max(...probes.map(({ replica }) => replica)) + 1);
  const pool = new ProbePool(16);
  for (const { replica, received_us: atUs, rif = 1, latency_us: latencyUs = 1 } of probes)
    pool.add(views[replica]!, report(rif, latencyUs), 2, atUs);
  pool.expire(nowUs, (row.params.max_age_ms as number) * 1000);
  const afterExpiry = slotsOf(views, pool);
  pool.removeWorst(thresholdOf(row));
  return same(row.expected, { after_expiry: afterExpiry, after_remove_worst: slotsOf(views, pool) });
}

function reuse({ params, input, expected }: VectorRow): Finding {
  const views = replicas(1);
  const pool = new ProbePool(16);
  pool.add(views[0]!, report((input as { rif: number }).rif, 1), params.uses as number, 0);
  pool.use(Infinity, []);
  const after = pool.inFlightOf(views[0]!) ?? null;
  pool.use(Infinity, []);
  return same(expected, { rif_after_first_use: after, pool_size_after_second_use: pool.size });
}

function capacity({ params, input, expected }: VectorRow): Finding {
  const inserts = (input as { insert_order_replica_time: readonly (readonly [number, number])[] })
    .insert_order_replica_time;
  const views = replicas(Math.max(...inserts.map(([replica]) => replica)) + 1);
  const pool = new ProbePool(params.capacity as number);
  for (const [replica, atUs] of inserts) pool.add(views[replica]!, report(1, 1), 2, atUs);
  return same(expected, { replicas: slotsOf(views, pool) });
}
