import { POINT } from '../../../engine/index.ts';

/** The columns of a series, apart: what uPlot takes. Gaps (nothing finished in the window) are null. */
export interface Columns {
  readonly atS: number[];
  readonly p50: (number | null)[];
  readonly p95: (number | null)[];
  readonly p99: (number | null)[];
  readonly n: number[];
}

/** `series` holds POINT columns; a NaN that came through JSON is null. */
export function columnsOf(series: readonly (number | null)[]): Columns {
  const columns: Columns = { atS: [], p50: [], p95: [], p99: [], n: [] };
  const value = (at: number): number | null => (Number.isNaN(series[at]) ? null : (series[at] ?? null));
  for (let at = 0; at < series.length; at += POINT.stride) {
    columns.atS.push(series[at + POINT.atUs]! / 1_000_000);
    columns.p50.push(value(at + POINT.p50Us));
    columns.p95.push(value(at + POINT.p95Us));
    columns.p99.push(value(at + POINT.p99Us));
    columns.n.push(series[at + POINT.n]!);
  }
  return columns;
}

/** Whole decades that hold all values, at least two: the log axis of latencies in microseconds. */
export function decades(values: readonly (number | null | undefined)[]): [fromUs: number, toUs: number] {
  const known = values.filter((value): value is number => typeof value === 'number' && value > 0);
  if (known.length === 0) return [1_000, 1_000_000];
  const low = Math.floor(Math.log10(Math.min(...known)));
  const high = Math.max(Math.ceil(Math.log10(Math.max(...known))), low + 2);
  return [10 ** low, 10 ** high];
}

/** The numbers 1, 2 and 5 times a power of ten from the last at or below `low` to the first at or above `high`, at least three: a log axis of few decades. */
export function oneTwoFives(low: number, high: number): number[] {
  const steps: number[] = [];
  for (let decade = 10 ** Math.floor(Math.log10(low)); (steps.at(-1) ?? 0) < high || steps.length < 3; decade *= 10) {
    for (const step of [decade, 2 * decade, 5 * decade]) {
      if ((steps.at(-1) ?? 0) >= high && steps.length >= 3) break;
      if (step <= low) steps.length = 0;
      steps.push(step);
    }
  }
  return steps;
}

/** Room for the labels at the right. */
export function rightOf(width: number): number {
  return width < 520 ? 92 : 110;
}

/** Moves labels apart: the lower of two that would touch goes down. `ys` from top to bottom; none ends below `bottom`. */
export function spread(ys: readonly number[], gap: number, bottom: number): number[] {
  const placed: number[] = [];
  for (const y of ys) placed.push(Math.max(y, (placed.at(-1) ?? -Infinity) + gap));
  for (let i = placed.length - 1, limit = bottom; i >= 0; i--, limit = placed[i + 1]! - gap) {
    placed[i] = Math.min(placed[i]!, limit);
  }
  return placed;
}

/** One row a second, the last point of each: the table behind the chart. */
export function everySecond(columns: Columns): number[] {
  const rows: number[] = [];
  columns.atS.forEach((atS, index) => {
    const next = columns.atS[index + 1];
    if (next === undefined || Math.floor(next) > Math.floor(atS)) rows.push(index);
  });
  return rows;
}

/** Counts of `values` in ten equal stretches a decade, on a log axis from `low` to `high` (powers of ten). */
export function binned(
  values: readonly number[],
  low: number,
  high: number,
): { readonly fromUs: number; readonly toUs: number; readonly count: number }[] {
  const count = Math.round(10 * Math.log10(high / low));
  const edges = Array.from({ length: count + 1 }, (_, index) => low * 10 ** (index / 10));
  const bins = Array.from({ length: count }, (_, index) => ({
    fromUs: edges[index]!,
    toUs: edges[index + 1]!,
    count: 0,
  }));
  for (const value of values) {
    const index = Math.floor(10 * Math.log10(Math.max(low, value) / low));
    bins[Math.min(count - 1, index)]!.count += 1;
  }
  return bins;
}

/** The smallest value that at least `percent` per cent of `values` do not exceed. */
export function nearestRank(values: readonly number[], percent: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil((percent * values.length) / 100) - 1] ?? Number.NaN;
}
