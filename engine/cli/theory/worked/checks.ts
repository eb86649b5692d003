import { blackhole } from '../blackhole.ts';
import { detectionTimes, spreadOf } from '../detection.ts';
import type { Checks } from '../detection.ts';
import { NotApplicable, numberIn, UNIT_US } from '../row.ts';
import { backends, start, world } from '../world.ts';
import { experiment, meanOf, numbersIn, together } from './experiment.ts';
import type { Example } from './experiment.ts';

const REPLICATIONS = 1000;

/** From the scenario, else from the words of the metric or the guide: "interval 5 s, timeout 2 s, 3 failures", "30 s x 5". */
function checksOf({ scenario, metric, claim }: Example): Checks {
  const said = (field: string, pattern: RegExp) =>
    (scenario[field] as number | undefined) ?? numberIn(metric, pattern) ?? numberIn(claim, pattern);
  const intervalS = said('interval', /interval ([\d.]+) s/);
  const fall = said('threshold', /(\d+) failures/);
  const timeoutS = said('timeout', /(?:timeout |\bt=)([\d.]+)/) ?? 1;
  if (intervalS === undefined || fall === undefined) throw new NotApplicable('it names no interval, or no threshold');
  const fault = /refused/.test(metric) ? 'crash' : 'hang';
  return { intervalS, fall, timeoutS, fault, schedule: /after-result/.test(metric) ? 'after-result' : 'fixed' };
}

export const noticed = experiment(
  'detection of a dead server',
  [],
  /^(detect s|refused|hang)\b/,
  (example, { seed }) => {
    const times = detectionTimes(checksOf(example), REPLICATIONS, seed);
    return { ...spreadOf(example, example.expected as number[], times), requests: REPLICATIONS };
  },
);

export const inTime = experiment('the chance of detection in time', [], /^P\(detected/, (example, { seed }) => {
  const limitS = numberIn(example.metric, /<=\s*([\d.]+)/) ?? 0;
  const times = detectionTimes(checksOf(example), REPLICATIONS, seed);
  return { got: times.filter((time) => time <= limitS).length / REPLICATIONS, requests: REPLICATIONS };
});

/** Moments of the fault, spread evenly over one interval: the mean of 40 is then as good as that of a thousand drawn ones, and the ends are within 1/40 of it. */
const PHASES = 40;

export const lostToDead = experiment(
  'requests sent to a dead server',
  [],
  /^requests sent to the dead server/,
  (example, { seed }) => {
    const checks = checksOf(example);
    const [rateRps = 0, count = 0] = numbersIn(example.metric);
    const found = Array.from({ length: PHASES }, (_, phase) =>
      sentTo(checks, rateRps, count, (phase + 0.5) / PHASES, seed),
    );
    const got = [meanOf(found), Math.min(...found), Math.max(...found)];
    return { got, requests: found.length * rateRps };
  },
);

function sentTo(checks: Checks, rateRps: number, count: number, phase: number, seed: number): number {
  const faultUs = Math.round((2 + phase) * checks.intervalS * UNIT_US);
  const scenario = world({
    durationUs: faultUs + Math.round((checks.fall + 1) * checks.intervalS * UNIT_US),
    clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps } }],
    pools: [
      {
        picker: { name: 'round-robin' },
        health: {
          check: 'http',
          intervalUs: checks.intervalS * UNIT_US,
          timeoutUs: checks.timeoutS * UNIT_US,
          schedule: checks.schedule,
          policy: { name: 'thresholds', options: { fall: checks.fall } },
        },
        backends: backends(count, { workers: 10, service: { default: { kind: 'constant', valueUs: 500 } } }),
      },
    ],
    timeline: [{ do: checks.fault, atUs: faultUs, backend: 'b0' }],
  });
  let sent = 0;
  const picked = (_id: number, backend: number, nowUs: number) => {
    if (backend === 0 && nowUs > faultUs) sent += 1;
  };
  start(scenario, { seed, observer: { picked } }).runToEnd();
  return sent;
}

export const lostByLoad = experiment(
  'requests sent to a dead server by pickers that see load',
  [],
  /^same, least-connections/,
  (example, setting) => {
    const rate = numbersIn(/\(([\d,]+) req/.exec(example.metric)?.[1] ?? '')[0];
    const load = numberIn(example.metric, /rho ([\d.]+)/);
    if (rate === undefined || load === undefined) throw new NotApplicable('it names no rate, or no load');
    const count = 5;
    const scenario = {
      rate_rps: rate,
      backends: count,
      service: `exp mean ${(1000 * load * count) / rate} ms`,
      failure: 'hangs',
      window_s: 14.5,
    };
    const rows = ['least-connections random tie', 'P2C distinct'].map((picker) => ({
      ...example,
      scenario: { ...scenario, picker },
    }));
    return together(blackhole, rows, setting);
  },
);
