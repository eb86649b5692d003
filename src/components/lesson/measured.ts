import type { Query } from '../../../engine/index.ts';
import { formatCount, formatRate, formatShare, formatUs, trim } from '../chart/format.ts';

export type MeasureFormat = 'time' | 'count' | 'share' | 'rate' | 'number' | 'times';

/** How the number of a metric is written when nothing else is asked for. */
const USUAL: Readonly<Record<Query['metric'], MeasureFormat>> = {
  p50: 'time',
  p95: 'time',
  p99: 'time',
  mean: 'time',
  max: 'time',
  count: 'count',
  served: 'count',
  failed: 'count',
  waiting: 'count',
  'peak-in-flight': 'count',
  share: 'share',
  rate: 'rate',
};

export function measured(value: number, metric: Query['metric'], format = USUAL[metric]): string {
  switch (format) {
    case 'time':
      return formatUs(value);
    case 'count':
      return formatCount(value);
    case 'share':
      return formatShare(value);
    case 'rate':
      return formatRate(value);
    case 'number':
      return trim(value, value < 10 ? 2 : 1);
    case 'times':
      return `${trim(value, value < 10 ? 1 : 0)}\u00a0times`;
  }
}

/** The number in the unit its claim is written in: milliseconds, per cent, otherwise as it is. */
export function inClaimUnit(value: number, metric: Query['metric'], format = USUAL[metric]): number {
  if (format === 'time') return value / 1000;
  return format === 'share' ? value * 100 : value;
}

/** Undefined when the claim holds. */
export function claimProblem(value: number, [least, most]: readonly [number, number]): string | undefined {
  if (value >= least && value <= most) return undefined;
  const expected =
    most === Infinity ? `at least ${least}` : least === -Infinity ? `at most ${most}` : `between ${least} and ${most}`;
  return `is ${trim(value, 3)}, and the text claims ${expected}.`;
}
