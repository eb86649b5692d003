import { Prng } from '../../core/prng.ts';
import { powerOfTwoChoices } from '../../pickers/power-of-two-choices.ts';
import { KeyedPool } from './keyed-pool.ts';
import { has, NotApplicable, numberOf } from './row.ts';
import type { Kind, Row } from './row.ts';

/** Balls into bins: requests that never end, each to the emptiest of d drawn backends. */
export const balls: Kind = {
  name: 'balls into bins',
  takes: (row) => has(row, 'bins', 'balls', 'choices'),
  measure(row, { seed }) {
    const count = numberOf(row, 'balls');
    const bins = numberOf(row, 'bins');
    const trials = Math.max(1, Math.round((row.requests_needed ?? TRIALS * count) / count));
    const sampling = row.scenario.with_replacement === false ? 'distinct' : 'repeated';
    const picker = powerOfTwoChoices({ choices: numberOf(row, 'choices'), sampling });
    const pool = KeyedPool.alike(picker, bins, new Prng(seed).fork('balls'));
    const empty = new Array<number>(bins).fill(0);
    let sum = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      pool.load(empty);
      for (let ball = 0; ball < count; ball += 1) pool.send(0);
      sum += metricOf(row, pool.loads, count / bins);
    }
    return { got: sum / trials, requests: trials * count };
  },
};

const TRIALS = 500;

function metricOf({ metric }: Row, loads: readonly number[], average: number): number {
  const most = loads.reduce((largest, load) => Math.max(largest, load), 0);
  if (/max(imum)? load/.test(metric)) return most;
  if (/max - average/.test(metric)) return most - average;
  throw new NotApplicable(`the metric "${metric}" is not measured here`);
}
