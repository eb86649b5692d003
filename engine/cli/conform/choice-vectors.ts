/** Rows about who is chosen by requests in flight: Envoy, nginx, HAProxy, Caddy, and the ways of drawing two. */
import { slowStartFactor } from '../../balancer/slow-start.ts';
import type { Picker } from '../../core/policy.ts';
import { caddyLeastConnections } from '../../pickers/caddy-least-connections.ts';
import { caddyRandomChoose } from '../../pickers/caddy-random-choose.ts';
import { envoyEffectiveWeight, envoyLeastRequest } from '../../pickers/envoy-least-request.ts';
import { haproxyLeastconnKey } from '../../pickers/haproxy-least-connections.ts';
import { nginxLeastConnections } from '../../pickers/nginx-least-connections.ts';
import { nginxRandomTwo } from '../../pickers/nginx-random-two.ts';
import { nginxRandom } from '../../pickers/nginx-random.ts';
import { powerOfTwoChoices } from '../../pickers/power-of-two-choices.ts';
import { traefikPowerOfTwoChoices } from '../../pickers/traefik-power-of-two-choices.ts';
import { same } from './finding.ts';
import type { Finding, VectorFamily, VectorRow } from './finding.ts';
import { outcomes, Replay, ScriptedRng } from './replay.ts';

type Numbers = readonly number[];

export const choiceVectors: NonNullable<VectorFamily['vectors']> = {
  'weighted least request (EDF)': envoyByDeadline,
  'weighted least request (EDF) counting pending': envoyByDeadline,
  'slow start on weighted least request': envoySlowStart,
  'weighted least request effective weight': envoyWeights,
  'power of N choices (unweighted)': (row) => {
    const { active_requests: active, index_draws: draws } = row.input as {
      active_requests: Numbers;
      index_draws: Numbers;
    };
    return same(row.expected, pickOf(envoyLeastRequest({ choices: row.params.choice_count as number }), active, draws));
  },
  'power of N choices random calls': envoyDraws,
  'full scan selection': (row) =>
    sameOrAnyOf(row.expected, () => envoyLeastRequest({ fullScan: true }), inputLoads(row, 'active_requests')),
  least_conn: nginxLeastConn,
  'random: weighted index from a draw': (row) => {
    const { x } = row.input as { x: Numbers };
    const weights = row.params.weights as Numbers;
    return same(
      row.expected,
      x.map((draw) => pickOf(nginxRandom(), [], [draw], weights)),
    );
  },
  'random two least_conn': (row) => {
    const { weights, conns } = row.params as { weights: Numbers; conns: Numbers };
    return same(row.expected, pickOf(nginxRandomTwo(), conns, (row.input as { draws: Numbers }).draws, weights));
  },
  'Finagle P2C candidate pair': pairRow(powerOfTwoChoices),
  'Traefik P2C candidate pair': pairRow(traefikPowerOfTwoChoices),
  'Envoy P2C candidate pair': pairRow(envoyLeastRequest),
  'Finagle P2C': p2cRow(powerOfTwoChoices),
  'Traefik P2C': p2cRow(traefikPowerOfTwoChoices),
  'Envoy P2C': p2cRow(envoyLeastRequest),
  'Traefik P2C pair bias': pairBias,
  'with-replacement cost': replacementCost,
  'Caddy least_conn': (row) => sameOrAnyOf(row.expected, caddyLeastConnections, inputLoads(row, 'in_flight')),
  'Caddy random_choose tie set': (row) => {
    const loads = inputLoads(row, 'in_flight_in_sample_order');
    // The rows describe the Caddy that never empties the list of ties.
    const make = () => caddyRandomChoose({ choices: loads.length, keepsBusier: true });
    return same(row.expected, { candidates: possibleSlots(make, loads) });
  },
  'leastconn tree key': (row) => {
    const weight = row.params.effective_weight as number;
    const inFlight = (row.input as { inflight: Numbers }).inflight;
    return same(
      row.expected,
      inFlight.map((count) => haproxyLeastconnKey(count, weight)),
    );
  },
};

function inputLoads(row: VectorRow, field: string): Numbers {
  return (row.input as Record<string, Numbers>)[field]!;
}

function ones(count: number): Numbers {
  return Array.from({ length: count }, () => 1);
}

/** The place of the backend that the picker answers, drawing these numbers. */
function pickOf(picker: Picker, loads: Numbers, draws: Numbers, weights: Numbers = ones(loads.length)): number {
  const replay = Replay.ofWeights(picker, weights, new ScriptedRng()).load(loads);
  replay.ctx.rng = new ScriptedRng(draws);
  return replay.views.indexOf(replay.pick());
}

function possibleSlots(make: () => Picker, loads: Numbers): Numbers {
  const replay = Replay.ofWeights(make(), ones(loads.length), new ScriptedRng()).load(loads);
  const possible = outcomes((rng) => {
    replay.ctx.rng = rng;
    return replay.views.indexOf(replay.pick());
  });
  return [...possible.keys()].sort((a, b) => a - b);
}

/** A row names the one that must be chosen, or all that may. */
function sameOrAnyOf(expected: unknown, make: () => Picker, loads: Numbers): Finding {
  const possible = possibleSlots(make, loads);
  return same(expected, Array.isArray(expected) || possible.length > 1 ? possible : possible[0]);
}

interface EnvoyPhase {
  readonly picks?: number;
  readonly active_requests?: Numbers;
  readonly pending_requests?: Numbers;
  readonly scheduler_built_with_pending?: Numbers;
}

/** The scheduler is built while nothing is in flight, unless the row says otherwise; then loads change behind its back. */
function envoyByDeadline({ params, input, expected }: VectorRow): Finding {
  const bias = params.active_request_bias as number;
  const replay = Replay.ofWeights(envoyLeastRequest({ bias }), params.weights as Numbers, new ScriptedRng());
  const got: number[][] = [];
  for (const phase of input as readonly EnvoyPhase[]) {
    if (phase.scheduler_built_with_pending) replay.load(phase.scheduler_built_with_pending);
    if (phase.picks === undefined) continue;
    // Envoy counts requests that wait for a connection apart; here both are in flight.
    const { active_requests: active, pending_requests: pending } = phase;
    replay.loadUnseen(replay.views.map((_, slot) => (active?.[slot] ?? 0) + (pending?.[slot] ?? 0)));
    got.push(Array.from({ length: phase.picks }, () => replay.views.indexOf(replay.pick())));
  }
  return same(expected, got);
}

/**
 * At each instant Envoy's test has the queue built anew, from the weights of that moment and what was in flight before; then it sets what is in flight, which
 * a backend meets when it is put back. Where any backend is in slow start the choice goes by deadline, as it does here with a bias that is set. A backend
 * without an age is past its window.
 */
function envoySlowStart({ params, input, expected }: VectorRow): Finding {
  const { window_s: window, aggression, min_weight_percent: percent, active_request_bias: bias = 1 } = params;
  const slowStart = {
    kind: 'envoy',
    windowUs: Number(window) * 1_000_000,
    aggression: Number(aggression),
    minimum: Number(percent) / 100,
  } as const;
  const instants = input as readonly Readonly<Record<string, number | Numbers>>[];
  const hosts = instants.flatMap((instant) =>
    Object.entries(instant).map(([key, value]) =>
      Array.isArray(value) ? value.length : 1 + Number(/^host(\d+)_age_s$/.exec(key)?.[1] ?? 0),
    ),
  );
  const weights = (params.weights as Numbers | undefined) ?? ones(Math.max(2, ...hosts));
  let inFlight: Numbers = weights.map(() => 0);
  const got = instants.map((instant, at) => {
    const replay = Replay.ofWeights(
      envoyLeastRequest({ bias: Number(bias) }),
      weights.map((weight, slot) => {
        const age = instant[`host${slot}_age_s`];
        return weight * (age === undefined ? 1 : slowStartFactor(slowStart, 0, Number(age) * 1_000_000));
      }),
      new ScriptedRng(),
    );
    replay.load(inFlight);
    inFlight = (instant.active_requests as Numbers | undefined) ?? inFlight;
    replay.loadUnseen(inFlight);
    const count = (expected as readonly Numbers[])[at]!.length;
    return Array.from({ length: count }, () => replay.views.indexOf(replay.pick()));
  });
  return same(expected, got);
}

function envoyWeights({ params, input, expected }: VectorRow): Finding {
  const { weights, active_request_bias: bias } = params as { weights: Numbers; active_request_bias: number };
  const active = (input as { active_requests: Numbers }).active_requests;
  // Written with twelve decimals.
  return same(
    expected,
    weights.map((weight, slot) => envoyEffectiveWeight(weight, active[slot]!, bias)),
    1e-11,
  );
}

/** Envoy draws once more to choose priority and locality, which here is done before a picker is asked. */
function envoyDraws({ input, expected }: VectorRow): Finding {
  const got = (input as { choice_counts: Numbers }).choice_counts.map((choices) => {
    const replay = Replay.ofWeights(envoyLeastRequest({ choices }), ones(4));
    const rng = new ScriptedRng();
    replay.ctx.rng = rng;
    replay.pick();
    return 1 + rng.bounds.length;
  });
  return same(expected, got);
}

function nginxLeastConn({ params, input, expected }: VectorRow): Finding {
  const { weights, initial_conns: initial } = params as { weights: Numbers; initial_conns: Numbers };
  const replay = Replay.ofWeights(nginxLeastConnections(), weights).load(initial);
  const sequence = Array.from({ length: (input as { picks: number }).picks }, (_, index) =>
    replay.views.indexOf(replay.start(`${index}`)),
  );
  return same(expected, { sequence, final_conns: replay.views.map(({ inFlight }) => inFlight) });
}

function p2cRow(make: () => Picker) {
  return ({ input, expected }: VectorRow): Finding => {
    const { in_flight: loads, draws } = input as { in_flight: Numbers; draws: Numbers };
    return same(expected, pickOf(make(), loads, draws));
  };
}

function pairRow(make: () => Picker) {
  return ({ params, input, expected }: VectorRow): Finding =>
    same(expected, pairOf(make, params.hosts as number, (input as { draws: Numbers }).draws));
}

/** Among equals the first of the pair wins, and the only idle one wins if and only if it is in the pair. */
function pairOf(make: () => Picker, hosts: number, draws: Numbers): [number, number] {
  const winner = pickOf(make(), ones(hosts), draws);
  for (let slot = 0; slot < hosts; slot += 1) {
    if (slot === winner) continue;
    const onlyIdle = Array.from({ length: hosts }, (_, other) => (other === slot ? 0 : 1));
    if (pickOf(make(), onlyIdle, draws) === slot) return [winner, slot];
  }
  return [winner, winner];
}

function drawsOfTwo(hosts: number): [number, number][] {
  return Array.from({ length: hosts * hosts }, (_, index) => [Math.floor(index / hosts), index % hosts]);
}

function pairBias({ params, expected }: VectorRow): Finding {
  const hosts = params.hosts as number;
  const fractions = (expected as { probability_of_second_minus_first_mod_n: Record<string, string> })
    .probability_of_second_minus_first_mod_n;
  const counts: Record<string, number> = {};
  for (const draws of drawsOfTwo(hosts)) {
    const [one, other] = pairOf(traefikPowerOfTwoChoices, hosts, draws);
    const distance = `${(other - one + hosts) % hosts}`;
    counts[distance] = (counts[distance] ?? 0) + 1;
  }
  return same(
    Object.fromEntries(Object.entries(fractions).map(([distance, fraction]) => [distance, valueOf(fraction)])),
    Object.fromEntries(Object.entries(counts).map(([distance, count]) => [distance, count / (hosts * hosts)])),
    1e-12,
  );
}

/** "6/9" */
function valueOf(fraction: string): number {
  const [above, below = 1] = fraction.split('/').map(Number);
  return above! / below;
}

function replacementCost({ params, expected }: VectorRow): Finding {
  const hosts = params.hosts as number;
  const busiest = (slot: number) => Array.from({ length: hosts }, (_, other) => (other === slot ? 1 : 0));
  let twice = 0;
  let chosen = 0;
  for (const draws of drawsOfTwo(hosts)) {
    const winner = pickOf(envoyLeastRequest(), ones(hosts), draws);
    if (pickOf(envoyLeastRequest(), busiest(winner), draws) === winner) twice += 1;
    if (pickOf(envoyLeastRequest(), busiest(0), draws) === 0) chosen += 1;
  }
  const probability = (count: number) => count / (hosts * hosts);
  // Written with nine decimals.
  return same(
    expected,
    { probability_same_host_twice: probability(twice), probability_busiest_host_still_chosen: probability(chosen) },
    1e-8,
  );
}
