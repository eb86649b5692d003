import { setInFlight, BackendView } from '../../core/backend.ts';
import { Prng } from '../../core/prng.ts';
import { RequestView } from '../../core/request.ts';
import { availability } from '../../metrics/availability.ts';
import { jainIndex } from '../../metrics/jain.ts';
import { Sample } from '../../metrics/sample.ts';
import { ipvsWeightedRoundRobin } from '../../pickers/ipvs-weighted-round-robin.ts';
import { loadMetric } from '../../pickers/load/load-metrics.ts';
import { smoothWeightedRoundRobin } from '../../pickers/smooth-weighted-round-robin.ts';
import { KeyedPool } from './keyed-pool.ts';
import { has, NotApplicable, numberIn, numberOf, textOf, toleranceOf, UNIT_US } from './row.ts';
import type { Check, Kind } from './row.ts';
import { serviceOf } from './words.ts';
import { backends, start, world } from './world.ts';

export const jain: Kind = {
  name: 'the index of fairness',
  takes: (row) => has(row, 'loads'),
  measure: (row) => ({ got: jainIndex(row.scenario.loads as number[]), requests: 0 }),
};

export const available: Kind = {
  name: 'availability of several nodes',
  takes: (row) => has(row, 'per_node', 'nodes'),
  measure(row) {
    const nodes = numberOf(row, 'nodes');
    const needed = numberIn(row.metric, /any (\d+)/) ?? numberIn(row.metric, /(\d+) of \d+/) ?? 1;
    return { got: availability(new Array<number>(nodes).fill(numberOf(row, 'per_node')), needed), requests: 0 };
  },
};

/** Weights as "A5 B3 C2", and the picks as letters. */
export const sequences: Kind = {
  name: 'the order of turns',
  takes: (row) => has(row, 'weights', 'algorithm') && /sequence/.test(row.metric),
  measure(row) {
    const named = [...textOf(row, 'weights').matchAll(/([A-Za-z]+)(\d+)/g)];
    const weights = named.map(([, , weight]) => Number(weight));
    const turns = turnsOf(textOf(row, 'algorithm'), weights, String(row.expected).length);
    return { got: turns.map((slot) => named[slot]![1]).join(''), requests: turns.length };
  },
};

export function turnsOf(algorithm: string, weights: readonly number[], count: number): number[] {
  const picker = /LVS|IPVS/i.test(algorithm) ? ipvsWeightedRoundRobin() : smoothWeightedRoundRobin();
  const places = weights.map((weight) => ({ weight }));
  const pool = new KeyedPool(picker, places, new Prng(1));
  return Array.from({ length: count }, (_, request) => pool.send(request));
}

/** One slow answer and a fast one later, as Finagle reckons them. */
export const peakEwma: Kind = {
  name: 'peak EWMA after a spike',
  takes: (row) => has(row, 'tau_s', 'rtt_spike_ms'),
  measure(row) {
    const then = textOf(row, 'then');
    const rttMs = numberIn(then, /rtt ([\d.]+) ms/);
    const laterS = numberIn(then, /([\d.]+) s later/);
    if (rttMs === undefined || laterS === undefined) throw new NotApplicable(`"${then}" is not understood`);
    const metric = loadMetric('finagle-peak-ewma', { decayUs: numberOf(row, 'tau_s') * UNIT_US });
    const view = new BackendView(0, 'b0', 'a', 1);
    const ctx = { nowUs: 0, rng: new Prng(1) };
    const answer = (ms: number, atUs: number) => {
      ctx.nowUs = atUs;
      metric.onRequestEnd!(view, REQUEST, { kind: 'served', status: 200, latencyUs: ms * 1_000, bytes: 0 }, ctx);
      return metric.load(view, ctx) / 1_000;
    };
    metric.onPoolChange?.([view], ctx);
    const spike = answer(numberOf(row, 'rtt_spike_ms'), 1_000);
    const after = answer(rttMs, 1_000 + laterS * UNIT_US);
    setInFlight(view, numberOf(row, 'pending'));
    return { got: [spike, after, metric.load(view, ctx) / 1_000], requests: 2 };
  },
};

const REQUEST = new RequestView(1, 1, {
  client: 'c',
  class: 'default',
  method: 'GET',
  host: 'example.test',
  path: '/',
  headers: {},
});

/** A queue at the edge of what it can do, from empty: how many are there after so long, on average over runs? */
export const critical: Kind = {
  name: 'the number in the system at a moment',
  takes: (row) => has(row, 'arrivals', 'service', 'start') && /number in system/.test(row.metric),
  measure(row, { seed }) {
    const rateRps = numberIn(textOf(row, 'arrivals'), /([\d.]+)\s*\/s/);
    const atS = numberIn(row.metric, /t\s*=\s*([\d.]+)\s*s/);
    if (rateRps === undefined || atS === undefined) throw new NotApplicable('it names no rate, or no moment');
    const runs = Math.max(1, Math.round((row.requests_needed ?? 100 * rateRps * atS) / (rateRps * atS)));
    const scenario = world({
      durationUs: Math.round(atS * UNIT_US),
      clients: [{ id: 'c', arrivals: { kind: 'poisson', rateRps } }],
      pools: [
        {
          picker: { name: 'random' },
          backends: backends(has(row, 'backends') ? numberOf(row, 'backends') : 1, {
            workers: has(row, 'workers') ? numberOf(row, 'workers') : 1,
            service: { default: serviceOf(textOf(row, 'service')) },
          }),
        },
      ],
    });
    let sum = 0;
    for (let run = 0; run < runs; run += 1) {
      const simulation = start(scenario, { seed: (seed + run) >>> 0 });
      simulation.runToEnd();
      const { arrived, served, failed } = simulation.counts;
      sum += arrived - served - failed;
    }
    return { got: sum / runs, requests: Math.round(runs * rateRps * atS) };
  },
};

/** From empty to empty: the time that requests spend is the same by requests and by the clock. */
export const little: Kind = {
  name: "Little's law",
  takes: (row) => has(row, 'any') && /L - lambda/.test(row.metric),
  measure(_row, { seed }) {
    const lastS = 1000;
    const scenario = world({
      durationUs: 2 * lastS * UNIT_US,
      clients: [{ id: 'c', arrivals: { kind: 'poisson', rateRps: 80 } }],
      pools: [
        {
          picker: { name: 'power-of-two-choices' },
          backends: backends(5, { service: { default: { kind: 'exponential', meanUs: 50_000 } } }),
        },
      ],
      timeline: [{ do: 'set-rate', atUs: lastS * UNIT_US, client: 'c', rateRps: 0 }],
    });
    let inSystem = 0;
    let lastUs = 0;
    let area = 0;
    let sojourns = 0;
    const move = (by: number, nowUs: number) => {
      area += inSystem * (nowUs - lastUs);
      lastUs = nowUs;
      inSystem += by;
    };
    const observer = {
      arrived: (_id: number, nowUs: number) => move(1, nowUs),
      served(_id: number, _backend: number, latencyUs: number, nowUs: number) {
        move(-1, nowUs);
        sojourns += latencyUs;
      },
    };
    const simulation = start(scenario, { seed, observer });
    simulation.runToEnd();
    if (inSystem !== 0) throw new Error('the run did not end empty');
    return { got: Math.abs(area - sojourns) / area, requests: simulation.counts.served };
  },
};

/** A closed loop with a plan meets a server that freezes: what it measures, and what it should have measured. */
export const omission: Kind = {
  name: 'coordinated omission',
  takes: (row) => has(row, 'closed_loop_rate', 'server'),
  measure(row, { seed }) {
    const server = textOf(row, 'server');
    const serviceMs = numberIn(server, /([\d.]+) ms for/);
    const goodS = numberIn(server, /for ([\d.]+) s/);
    const frozenS = numberIn(server, /fro[sz]en ([\d.]+) s/);
    const rateRps = numberIn(textOf(row, 'closed_loop_rate'), /([\d.]+)\s*\/s/);
    if (serviceMs === undefined || goodS === undefined || frozenS === undefined || rateRps === undefined)
      throw new NotApplicable(`the server "${server}" is not understood`);
    const everyUs = UNIT_US / rateRps;
    const endUs = (goodS + frozenS) * UNIT_US;
    const freeze = { atUs: goodS * UNIT_US, backend: 'b0' };
    const scenario = world({
      // The one that was frozen is still to be served.
      durationUs: endUs + serviceMs * 1_000,
      clients: [{ id: 'c', arrivals: { kind: 'paced', rateRps } }],
      pools: [
        {
          picker: { name: 'random' },
          backends: backends(1, { service: { default: { kind: 'constant', valueUs: serviceMs * 1_000 } } }),
        },
      ],
      timeline: [
        { do: 'hang', ...freeze },
        { do: 'recover', ...freeze, atUs: endUs },
      ],
    });
    const naive = new Sample();
    const corrected = new Sample();
    const served = (_id: number, _backend: number, latencyUs: number) => {
      naive.record(latencyUs);
      corrected.recordPlanned(latencyUs, everyUs);
    };
    start(scenario, { seed, observer: { served } }).runToEnd();
    const got = [naive.mean, corrected.mean, naive.quantile(99.99), corrected.quantile(75)].map((us) => us / UNIT_US);
    const expected = row.expected as readonly number[];
    const checks = expected.map((each, index): Check => {
      // The rows' note has it: what is measured naively is within 1e-4.
      const tolerance = index % 2 === 0 ? 1e-4 : toleranceOf(row, each);
      return { expected: each, got: got[index], tolerance };
    });
    return { got, requests: corrected.count, checks };
  },
};
