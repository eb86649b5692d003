import { haproxySixteenths, slowStartFactor } from '../../balancer/slow-start.ts';
import type { Picker } from '../../core/policy.ts';
import { caddyRoundRobin } from '../../pickers/caddy-round-robin.ts';
import { caddyWeightedRoundRobin } from '../../pickers/caddy-weighted-round-robin.ts';
import { reportedWeight } from '../../pickers/client-side-weighted-round-robin.ts';
import { earliestDeadlineFirst } from '../../pickers/earliest-deadline-first.ts';
import { haproxyRoundRobin } from '../../pickers/haproxy-round-robin.ts';
import { haproxyStaticRr } from '../../pickers/haproxy-static-rr.ts';
import { nginxRoundRobin } from '../../pickers/nginx-round-robin.ts';
import { Stride, strideWeights } from '../../pickers/static-stride.ts';
import { traefikWeightedRoundRobin } from '../../pickers/traefik-weighted-round-robin.ts';
import { notApplicable, same } from './finding.ts';
import type { Finding, VectorFamily, VectorRow } from './finding.ts';
import { Rehearsal } from './rehearsal.ts';

const SECOND_US = 1_000_000;

interface Params {
  readonly weights: readonly number[];
  readonly down?: readonly number[];
  readonly initial_picks?: number;
  readonly max_fails: number;
  readonly fail_timeout_s: number;
  readonly hosts: number;
  readonly random_seed: number;
  readonly upstreams: number;
  readonly window_s: number;
  readonly aggression: number;
  readonly min_weight_percent: number;
  readonly weight: number;
  readonly slowstart_s: number;
  readonly scaled_weights: readonly number[];
  readonly error_utilization_penalty: number;
  readonly tree: string;
}

type Reader = (params: Params, input: never, expected: never, row: VectorRow) => Finding;

const readers: Readonly<Record<string, Reader>> = {
  'smooth weighted round robin': (
    { weights, down = [] },
    { picks, peer_0_down_for_picks: absences = [] }: { picks: number; peer_0_down_for_picks?: readonly number[] },
    expected: { readonly current_weight_after_each_pick: readonly unknown[] },
  ) => {
    const picker = nginxRoundRobin();
    const pool = Rehearsal.ofWeights(picker, weights).out(down).tell();
    const sequence: (number | null)[] = [];
    const currents: number[][] = [];
    for (let n = 0; n < picks; n += 1) {
      pool.out([0], absences.includes(n) || down.includes(0)).tell();
      sequence.push(...pool.picks(1));
      currents.push(standings(picker, pool).map(({ current }) => current));
    }
    // A long row tells the currents of its first picks only.
    currents.length = expected.current_weight_after_each_pick.length;
    return same(expected, { sequence, current_weight_after_each_pick: currents });
  },
  'smooth weighted round robin with per-request tried mask': ({ weights }, _input, expected) => {
    const picker = nginxRoundRobin();
    const pool = Rehearsal.ofWeights(picker, weights).tell();
    const sequence = attemptsOf(pool, () => false);
    return same(expected, { sequence, current_weight: standings(picker, pool).map(({ current }) => current) });
  },
  'max_fails / fail_timeout with effective_weight': (
    { weights, max_fails: maxFails, fail_timeout_s: failTimeout },
    input: readonly { t_s: number; failing_peers: readonly number[] }[],
    expected,
  ) => {
    const picker = nginxRoundRobin({ maxFails, failTimeoutUs: failTimeout * SECOND_US });
    const pool = Rehearsal.ofWeights(picker, weights).tell();
    const steps = input.map(({ t_s, failing_peers: failing }) => {
      pool.at(t_s * SECOND_US);
      const attempts = attemptsOf(pool, (slot) => !failing.includes(slot));
      const now = standings(picker, pool);
      return {
        t_s,
        failing,
        attempts,
        effective_weight: now.map(({ effective }) => effective),
        current_weight: now.map(({ current }) => current),
        fails: now.map(({ fails }) => fails),
      };
    });
    return same(expected, steps);
  },
  'roundrobin (FWRR trees)': ({ weights }, { picks }: { picks: number }, expected) =>
    same(expected, Rehearsal.ofWeights(haproxyRoundRobin(), weights).tell().picks(picks)),
  'static-rr / map-based map': ({ weights }, _input, expected: { map: readonly number[] }) => {
    const walked = walk(haproxyStaticRr(), weights, 2 * expected.map.length);
    return same([...expected.map, ...expected.map], walked);
  },
  'EDF weighted round robin': earliestDeadline,
  'EDF weighted round robin with seeded pre-picks': earliestDeadline,
  'unweighted round robin seed': ({ hosts, random_seed: seed }, { picks }: { picks: number }, expected) =>
    same(expected, Rehearsal.ofWeights(earliestDeadlineFirst(), ones(hosts), seed).tell().picks(picks)),

  'slow-start weight factor': (params, { age_s: ages }: { age_s: readonly number[] }, expected) =>
    same(
      expected,
      ages.map((age) => rounded(factorAt(params, age), 9)),
    ),
  'slow start on EDF weighted RR': (
    params,
    _input,
    expected: readonly { host1_age_s: number | string; factor: number; picks: readonly number[] }[],
  ) =>
    same(
      expected,
      expected.map(({ host1_age_s: age, picks }) => {
        const factor = factorAt(params, typeof age === 'number' ? age : params.window_s);
        return {
          host1_age_s: age,
          factor: rounded(factor, 3),
          picks: walk(earliestDeadlineFirst(), [1, factor], picks.length),
        };
      }),
    ),
  'slowstart effective weight': (
    { weight, slowstart_s: window },
    { elapsed_s: elapsed }: { elapsed_s: readonly number[] },
    expected,
  ) => {
    const at = (seconds: number) => weight * haproxySixteenths(seconds, window);
    return same(expected, {
      effective_weight_at_turn_up: at(0),
      effective_weight: elapsed.map(at),
      full: at(window),
    });
  },

  'static stride construction': (_params, { weights }: { weights: readonly number[] }, expected) =>
    same(expected, listed(strideWeights(weights, 'cpp'))),
  'static stride picks (C++)': (
    _params,
    {
      weights,
      picks,
      sequence_start: start = 0,
    }: { weights: readonly number[]; picks: number; sequence_start?: number },
    expected: Readonly<Record<string, unknown>>,
  ) => {
    const scaled = strideWeights(weights, 'cpp');
    const stride = new Stride(scaled, weights.length, start);
    const sequence = Array.from({ length: picks }, () => stride.next());
    const found = {
      counts: countsOf(sequence, weights.length),
      scaled_weights: listed(scaled),
      sequence,
      generator_calls: (stride.counter - start) >>> 0,
    };
    return same(expected, askedFor(expected, found));
  },
  'static stride weights, C++ versus Go': (
    _params,
    { weights }: { weights: readonly number[] },
    expected: Readonly<Record<string, unknown>>,
  ) => {
    const [cpp, go] = [strideWeights(weights, 'cpp'), strideWeights(weights, 'go')];
    const found = {
      cpp_scaled: listed(cpp),
      go_scaled: listed(go),
      go_mode: go === undefined ? 'round robin' : 'static stride',
      cpp_first_12: first12(cpp, weights.length),
      go_first_12: first12(go, weights.length),
    };
    return same(expected, askedFor(expected, found));
  },
  'static stride with random start': (
    { scaled_weights: scaled },
    { sequence_start: start, picks }: { sequence_start: number; picks: number },
    expected,
  ) => {
    const stride = new Stride(Uint16Array.from(scaled), scaled.length, start);
    return same(
      expected,
      Array.from({ length: picks }, () => stride.next()),
    );
  },
  'ORCA weight': (
    { error_utilization_penalty: penalty },
    { qps, eps, utilization }: { qps: number; eps: number; utilization: number },
    expected: number,
  ) => same(expected, rounded(reportedWeight({ rateRps: qps, errorsRps: eps, utilisation: utilization }, penalty), 9)),

  'Traefik WRR (EDF on a Go heap)': traefik,
  'Traefik WRR': traefik,
  'Traefik nested WRR with status propagation': (
    { tree },
    { requests_per_stage: requests, stages }: { requests_per_stage: number; stages: readonly string[] },
    expected,
  ) => {
    const children = [...tree.matchAll(/\w+\(([^()]*)\)/g)].map(([, names]) =>
      names!.split(',').map((name) => name.trim()),
    );
    const leaves = children.flatMap((names, child) => names.map((id) => ({ id, weight: 1, zone: `child ${child}` })));
    if (leaves.length === 0 || !/all weight 1/.test(tree))
      return notApplicable(`the tree "${tree}" is not of services of weight 1`);
    const pool = new Rehearsal(traefikWeightedRoundRobin({ nested: true }), leaves);
    const counts = stages.map((stage) => {
      const down = leaves
        .map(({ id }, slot) => (new RegExp(`\\b${id}\\b.*down`).test(stage) ? slot : -1))
        .filter((slot) => slot >= 0);
      pool
        .out(
          pool.views.map((_, slot) => slot),
          false,
        )
        .tell()
        .out(down)
        .tell();
      return countsOf(pool.picks(requests), leaves.length);
    });
    return same(expected, { counts });
  },

  'Caddy round_robin': ({ upstreams, down = [] }, { picks }: { picks: number }, expected) =>
    same(expected, Rehearsal.ofWeights(caddyRoundRobin(), ones(upstreams)).tell().out(down).tell().picks(picks)),
  'Caddy weighted_round_robin': ({ weights, down = [] }, input: { picks: number } | readonly string[], expected) => {
    const weightless = weights.flatMap((weight, slot) => (weight === 0 ? [slot] : []));
    const pool = new Rehearsal(
      caddyWeightedRoundRobin(),
      weights.map((weight, slot) => ({ id: `s${slot}`, weight, maxConnections: 1 })),
    ).without(weightless);
    pool.tell().out(down).tell();
    if ('picks' in input) return same(expected, pool.picks(input.picks));
    return same(
      expected,
      input.map((step) => {
        const [, picks] = /(\d+) picks?$/.exec(step)!;
        const [, host, what] = /host (\d+) (down|up|full)/.exec(step) ?? [];
        if (what === 'full') pool.start(Number(host));
        else if (what !== undefined) pool.out([Number(host)], what === 'down').tell();
        return pool.picks(Number(picks));
      }),
    );
  },
};

/** Each row's params, input and expected are what the readers above say: a row of the same kind with others in them is read the same way. */
export const rotationVectors: NonNullable<VectorFamily['vectors']> = Object.fromEntries(
  Object.entries(readers).map(([algorithm, read]) => [
    algorithm,
    (row: VectorRow) => read(row.params as unknown as Params, row.input as never, row.expected as never, row),
  ]),
);

function earliestDeadline(
  { weights, initial_picks: before = 0 }: Params,
  { picks }: { picks: number },
  expected: readonly number[],
  { algorithm }: VectorRow,
): Finding {
  const start = algorithm.includes('seeded') || before > 0 ? 'random' : 'first';
  return same(expected, walk(earliestDeadlineFirst({ start }), weights, picks, before));
}

function traefik(
  { weights }: Params,
  {
    requests,
    down = [],
    then_up_requests: afterwards,
  }: { requests: number; down?: readonly number[]; then_up_requests?: number },
  expected: readonly number[] | Readonly<Record<string, unknown>>,
): Finding {
  const weightless = weights.flatMap((weight, slot) => (weight === 0 ? [slot] : []));
  const pool = Rehearsal.ofWeights(traefikWeightedRoundRobin(), weights).without(weightless).tell().out(down).tell();
  const sequence = pool.picks(requests);
  const counts = countsOf(sequence, weights.length);
  if (Array.isArray(expected)) return same(expected, sequence);
  const later = pool
    .out(down, false)
    .tell()
    .picks(afterwards ?? 0);
  const found = { counts, counts_while_down: counts, counts_after_up: countsOf(later, weights.length), sequence };
  return same(expected, askedFor(expected as Readonly<Record<string, unknown>>, found));
}

/** One request, tried until an attempt goes well or the picker declines (null). */
function attemptsOf(pool: Rehearsal, goesWell: (slot: number) => boolean): (number | null)[] {
  const attempts: number[] = [];
  for (;;) {
    const slot = pool.pick(attempts);
    if (slot === null) return [...attempts, null];
    attempts.push(slot);
    pool.start(slot);
    pool.end(slot, goesWell(slot));
    if (goesWell(slot)) return attempts;
  }
}

function standings(picker: ReturnType<typeof nginxRoundRobin>, pool: Rehearsal) {
  return pool.views.map((view) => picker.standing(view) ?? { effective: view.weight, current: 0, fails: 0 });
}

function walk(picker: Picker, weights: readonly number[], picks: number, draw = 0): (number | null)[] {
  return Rehearsal.ofWeights(picker, weights, draw).tell().picks(picks);
}

function factorAt({ window_s: window, aggression, min_weight_percent: percent }: Params, age: number): number {
  const slowStart = { kind: 'envoy', windowUs: window * SECOND_US, aggression, minimum: percent / 100 } as const;
  return slowStartFactor(slowStart, 0, age * SECOND_US);
}

function first12(weights: Uint16Array | undefined, size: number): number[] {
  const stride = new Stride(weights, size, 0);
  return Array.from({ length: 12 }, () => stride.next());
}

/** Of what was found, what the row asks for. */
function askedFor(expected: Readonly<Record<string, unknown>>, found: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.keys(expected).map((key) => [key, found[key]]));
}

function countsOf(picks: readonly (number | null)[], size: number): number[] {
  return Array.from({ length: size }, (_, slot) => picks.filter((pick) => pick === slot).length);
}

function listed(weights: Uint16Array | undefined): number[] | null {
  return weights === undefined ? null : [...weights];
}

function ones(count: number): number[] {
  return new Array<number>(count).fill(1);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
