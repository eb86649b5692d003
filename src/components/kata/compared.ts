import { formatCount, formatUs, NBSP, trim } from '../chart/format.ts';

/** One policy in the comparison after a pass, in numbers and in words. */

export interface Row {
  readonly name: string;
  readonly whose: 'yours' | 'solution' | 'shipped';
  readonly p99Us: number;
  /** The requests that the p99 is of. */
  readonly served: number;
  readonly failed: number;
  /** Parts of the requests, backend by backend; the smallest and the largest. */
  readonly shares: readonly [number, number];
  /** The most requests in flight at one backend. */
  readonly peak: number;
  /** Guard steps per decision; undefined for shipped policies, which run without the guard. */
  readonly steps: number | undefined;
}

/** "Yours has the lowest p99 of 7, shared with one other." */
export function placeWords(rows: readonly Row[]): string {
  const yours = rows.find(({ whose }) => whose === 'yours');
  if (!yours || Number.isNaN(yours.p99Us)) return '';
  const lower = rows.filter(({ p99Us }) => p99Us < yours.p99Us).length;
  const equal = rows.filter(({ p99Us }) => p99Us === yours.p99Us).length - 1;
  if (equal === rows.length - 1) return `All ${rows.length} have the same p99: what differs stands beside it.`;
  const place = lower === 0 ? 'the lowest p99' : `the ${ordinal(lower + 1)} lowest p99`;
  const shared = equal === 0 ? '' : `, shared with ${equal === 1 ? 'one other' : `${equal} others`}`;
  return `Yours has ${place} of ${rows.length}${shared}.`;
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'];

function ordinal(place: number): string {
  return ordinals[place - 1] ?? `${place}th`;
}

export const columns = ['p99', 'n', 'Failed', 'Share of a backend', 'Most in flight', 'Steps per decision'] as const;

/** The cells of a row in words, in the order of `columns`; undefined where nobody counted. */
export function cellsOf({ p99Us, served, failed, shares, peak, steps }: Row): (string | undefined)[] {
  return [
    formatUs(p99Us),
    formatCount(served),
    formatCount(failed),
    sharesText(shares),
    formatCount(peak),
    steps === undefined ? undefined : steps < 10 ? trim(steps, 1) : formatCount(steps),
  ];
}

/** "24.5 to 25.4 %" */
function sharesText([least, most]: Row['shares']): string {
  if (Number.isNaN(least)) return '–';
  const [from, to] = [trim(least * 100, 1), trim(most * 100, 1)];
  return from === to ? `${to}${NBSP}%` : `${from} to ${to}${NBSP}%`;
}
