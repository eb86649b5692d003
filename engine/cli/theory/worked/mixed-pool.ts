import type { Observer } from '../../../metrics/observer.ts';
import { turnsOf } from '../facts.ts';
import { queueing } from '../queueing.ts';
import { NotApplicable, numberIn, textOf, UNIT_US } from '../row.ts';
import type { Row } from '../row.ts';
import { start, world } from '../world.ts';
import { experiment, meanOf, together } from './experiment.ts';
import type { Example } from './experiment.ts';

/** A pool of fast and slow servers, as "3 x 1000/s, 2 x 500/s". */
const MIXED = ['backends', 'arrivals'];

function ratesOf(example: Example): number[] {
  const groups = [...textOf(example, 'backends').matchAll(/(\d+)\s*x\s*(\d+)\/s/g)];
  if (groups.length === 0) throw new NotApplicable(`the backends "${textOf(example, 'backends')}" are not understood`);
  return groups.flatMap(([, count, rate]) => new Array<number>(Number(count)).fill(Number(rate)));
}

const isFast = (rates: readonly number[]) => rates.map((rate) => rate === Math.max(...rates));
const weightsOf = (rates: readonly number[]) => rates.map((rate) => rate / Math.min(...rates));

export const weightedShares = experiment('shares by weight', MIXED, /WRR share/, (example) => {
  const rates = ratesOf(example);
  const weights = weightsOf(rates);
  const picks = weights.reduce((sum, weight) => sum + weight, 0);
  const turns = turnsOf('nginx smooth', weights, picks);
  const shareOf = (slot: number) => turns.filter((turn) => turn === slot).length / picks;
  const fast = isFast(rates);
  return { got: [shareOf(fast.indexOf(true)), shareOf(fast.indexOf(false))], requests: picks };
});

function mixedWorld(rates: readonly number[], perSecond: number, picker: string, lastS: number) {
  const weights = picker === 'round-robin' ? rates.map(() => 1) : weightsOf(rates);
  return world({
    durationUs: lastS * UNIT_US,
    clients: [{ id: 'c', arrivals: { kind: 'poisson', rateRps: perSecond } }],
    pools: [
      {
        picker: { name: picker },
        backends: rates.map((rate, index) => ({
          id: `b${index}`,
          workers: 1,
          weight: weights[index],
          service: { default: { kind: 'exponential', meanUs: Math.round(UNIT_US / rate) } },
        })),
      },
    ],
  });
}

const pickerFor = (text: string) => (/WRR/.test(text) ? 'smooth-weighted-round-robin' : 'round-robin');

/**
 * The highest rate at which the backlog does not grow, found by halving an interval. Backlog of n services scatters by sqrt(2 n): over 200 s at 4,000 a second by 6 a second
 * at most, so 0.4 % of the rate tells growth from chance, and costs 1 % of the 2 % that are allowed.
 */
function mostStable(rates: readonly number[], picker: string, seed: number) {
  const capacity = rates.reduce((sum, rate) => sum + rate, 0);
  let low = 0.25 * capacity;
  let high = 1.25 * capacity;
  let requests = 0;
  while (high - low > 0.002 * capacity) {
    const rate = (low + high) / 2;
    const simulation = start(mixedWorld(rates, rate, picker, 400), { seed });
    const backlog = () => simulation.counts.arrived - simulation.counts.served;
    simulation.runUntil(200 * UNIT_US);
    const half = backlog();
    simulation.runToEnd();
    requests += simulation.counts.arrived;
    if ((backlog() - half) / 200 > 0.004 * rate) high = rate;
    else low = rate;
  }
  return { rate: (low + high) / 2, requests };
}

export const stability = experiment('the highest stable rate', MIXED, /max stable total rate/, (example, { seed }) => {
  const rates = ratesOf(example);
  const found = ['round-robin', 'smooth-weighted-round-robin'].map((picker) => mostStable(rates, picker, seed));
  return { got: found.map(({ rate }) => rate), requests: found.reduce((sum, { requests }) => sum + requests, 0) };
});

/** Of each backend the time in which it has work, and the time its requests spend. */
class Busy implements Observer {
  readonly busyUs: number[];
  readonly sojourns: { sum: number; count: number }[];
  private readonly inFlight: number[];
  private readonly sinceUs: number[];

  constructor(count: number) {
    this.busyUs = new Array<number>(count).fill(0);
    this.inFlight = new Array<number>(count).fill(0);
    this.sinceUs = new Array<number>(count).fill(0);
    this.sojourns = Array.from({ length: count }, () => ({ sum: 0, count: 0 }));
  }

  picked(_id: number, backend: number, nowUs: number): void {
    if (this.inFlight[backend] === 0) this.sinceUs[backend] = nowUs;
    this.inFlight[backend]! += 1;
  }

  served(_id: number, backend: number, latencyUs: number, nowUs: number): void {
    const of = this.sojourns[backend]!;
    of.sum += latencyUs;
    of.count += 1;
    this.inFlight[backend]! -= 1;
    if (this.inFlight[backend] === 0) this.busyUs[backend]! += nowUs - this.sinceUs[backend]!;
  }
}

function watch(example: Example, picker: string, requests: number, seed: number) {
  const rates = ratesOf(example);
  const perSecond = numberIn(textOf(example, 'arrivals'), /([\d.]+)\s*\/s/) ?? 0;
  const lastS = Math.ceil(requests / perSecond);
  const busy = new Busy(rates.length);
  start(mixedWorld(rates, perSecond, picker, lastS), { seed, observer: busy }).runToEnd();
  return { busy, fast: isFast(rates), lastUs: lastS * UNIT_US };
}

export const utilisation = experiment('utilisation', MIXED, /utilisation/, (example, { seed }) => {
  // Time without work scatters by sqrt(2 load / services): 0.0022 of a slow one, four times within what is allowed.
  const requests = 2_000_000;
  const { busy, fast, lastUs } = watch(example, pickerFor(example.metric), requests, seed);
  const parts = busy.busyUs.map((us) => us / lastUs);
  const slow = meanOf(parts.filter((_, at) => !fast[at]));
  const quick = meanOf(parts.filter((_, at) => fast[at]));
  if (!Array.isArray(example.expected)) {
    const checks = parts.map((part) => ({
      expected: example.expected,
      got: part,
      tolerance: example.tolerance_abs as number,
    }));
    return { got: parts, requests, checks };
  }
  return { got: [slow, quick], requests };
});

export const slowSojourn = experiment(
  'sojourn on a slow server',
  MIXED,
  /mean sojourn ms on a slow server/,
  (example, { seed }) => {
    const requests = example.requests_needed ?? 5_000_000;
    const { busy, fast } = watch(example, pickerFor(example.metric), requests, seed);
    const slow = busy.sojourns.filter((_, at) => !fast[at]);
    const sum = slow.reduce((total, each) => total + each.sum, 0);
    return { got: sum / slow.reduce((total, each) => total + each.count, 0) / 1000, requests };
  },
);

export const pickersCompared = experiment(
  'pickers over a mixed pool',
  MIXED,
  /mean sojourn ms RR \|/,
  (example, setting) => {
    const rates = ratesOf(example);
    const most = Math.max(...rates);
    const fast = rates.filter((rate) => rate === most).length;
    const least = Math.min(...rates);
    const perSecond = numberIn(textOf(example, 'arrivals'), /([\d.]+)\s*\/s/) ?? 0;
    const scenario = {
      backends: `${fast} fast (mean 1) + ${rates.length - fast} slow (mean ${most / least})`,
      service: 'exponential',
      lambda_: perSecond / most,
    };
    const rows = example.metric
      .slice(example.metric.indexOf('sojourn ms') + 'sojourn ms'.length)
      .split('|')
      .map((picker): Row => ({
        id: example.id,
        metric: 'mean sojourn',
        expected: 0,
        scenario: { ...scenario, picker: picker.trim() },
        requests_needed: example.requests_needed ?? 5_000_000,
      }));
    const { got, requests } = together(queueing, rows, setting);
    // Times were counted in service times of a fast one.
    return { got: (got as number[]).map((units) => (units * 1000) / most), requests };
  },
);
