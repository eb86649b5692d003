import { has, NotApplicable, numberOf, textOf, toleranceOf, UNIT_US } from './row.ts';
import type { Check, Kind, Row } from './row.ts';
import { backends, start, world } from './world.ts';

/** How long active checks take to notice a fault: many backends that fail at one moment, each probed at its own phase. */
export const detection: Kind = {
  name: 'detection by active checks',
  takes: (row) => has(row, 'interval_s', 'unhealthy_threshold', 'failure'),
  measure(row, { seed }) {
    const runs = row.requests_needed ?? RUNS;
    const times = detectionTimes(
      {
        intervalS: numberOf(row, 'interval_s'),
        timeoutS: has(row, 'timeout_s') ? numberOf(row, 'timeout_s') : 1,
        fall: numberOf(row, 'unhealthy_threshold'),
        fault: /hang/i.test(textOf(row, 'failure')) ? 'hang' : 'crash',
        schedule: has(row, 'schedule') && /after/i.test(textOf(row, 'schedule')) ? 'after-result' : 'fixed',
      },
      runs,
      seed,
    );
    const expected = row.expected;
    if (!Array.isArray(expected) || expected.length < 3)
      throw new NotApplicable('a list [min, mean, max] or [min, mean, max, sd] was expected');
    return { ...spreadOf(row, expected as number[], times), requests: runs };
  },
};

const RUNS = 1000;

export interface Checks {
  readonly intervalS: number;
  readonly timeoutS: number;
  readonly fall: number;
  readonly fault: 'hang' | 'crash';
  readonly schedule: 'fixed' | 'after-result';
}

/** Seconds from the fault to the verdict, one for each of `runs` backends. */
export function detectionTimes(checks: Checks, runs: number, seed: number): number[] {
  const intervalUs = Math.round(checks.intervalS * UNIT_US);
  const timeoutUs = Math.round(checks.timeoutS * UNIT_US);
  const faultUs = 3 * (intervalUs + timeoutUs);
  const scenario = world({
    durationUs: faultUs + (checks.fall + 2) * (intervalUs + timeoutUs),
    clients: [QUIET],
    pools: [
      {
        picker: { name: 'round-robin' },
        health: {
          check: 'http',
          intervalUs,
          timeoutUs,
          schedule: checks.schedule,
          policy: { name: 'thresholds', options: { fall: checks.fall } },
        },
        backends: backends(runs, { service: { default: { kind: 'constant', valueUs: 1 } } }),
      },
    ],
    timeline: backends(runs, {}).map(({ id }) => ({ do: checks.fault, atUs: faultUs, backend: id })),
  });
  const seconds: number[] = [];
  const health = (_backend: number, _belief: number, nowUs: number) => {
    seconds.push((nowUs - faultUs) / UNIT_US);
  };
  start(scenario, { seed, observer: { health } }).runToEnd();
  if (seconds.length !== runs) throw new Error(`of ${runs} faults ${seconds.length} were noticed`);
  return seconds;
}

/** A client that sends next to nothing. */
export const QUIET = { id: 'c', arrivals: { kind: 'poisson', rateRps: 1e-9 } } as const;

/**
 * Least and most are hard bounds, and of n values spread evenly one lies within a hundredth of the width of either end but for e^(-n/100). The mean is within the row's
 * tolerance. A standard deviation of n evenly spread values is itself off by sqrt(0.2 / n) of itself: four of these. `rounding`: half a unit of the last digit of the
 * bounds, where they are not written exactly.
 */
export function spreadOf(row: Row, expected: readonly number[], found: readonly number[], rounding = ROUNDING) {
  const [least, mean, most, deviation] = expected as [number, number, number, number | undefined];
  const average = found.reduce((sum, value) => sum + value, 0) / found.length;
  const squares = found.reduce((sum, value) => sum + (value - average) * (value - average), 0);
  const got = [Math.min(...found), average, Math.max(...found), Math.sqrt(squares / found.length)];
  const near = 0.01 * (most - least);
  const checks: Check[] = [
    { expected: least, got: got[0], tolerance: rounding, bound: 'at least' },
    { expected: least, got: got[0], tolerance: near, bound: 'at most' },
    { expected: mean, got: got[1], tolerance: toleranceOf(row, mean) },
    { expected: most, got: got[2], tolerance: near, bound: 'at least' },
    { expected: most, got: got[2], tolerance: rounding, bound: 'at most' },
  ];
  if (deviation !== undefined)
    checks.push({ expected: deviation, got: got[3], tolerance: 4 * Math.sqrt(0.2 / found.length) * deviation });
  return { got: got.slice(0, expected.length), checks };
}

/** Times are whole microseconds, expected ones are printed with some digits. */
const ROUNDING = 2e-6;
