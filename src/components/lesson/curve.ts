/** The drawing of a `<Curve>`: pure geometry, done while the site is built, once for wide pages and once for phones. */

export interface CurveSeries {
  readonly label: string;
  readonly ys: readonly number[];
}

export interface Axis {
  readonly scale: 'log' | 'linear';
  readonly words: (value: number) => string;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly xTicks: readonly { readonly at: number; readonly words: string }[];
  readonly yTicks: readonly { readonly at: number; readonly words: string }[];
  readonly lines: readonly {
    readonly label: string;
    readonly path: string;
    readonly endX: number;
    readonly labelY: number;
  }[];
}

/** Labels stand at the ends of their lines, at least this far apart. */
const LABEL_GAP = 17;
const TOP = 14;
const BOTTOM = 34;

export function drawCurve(
  size: { readonly width: number; readonly height: number; readonly labels: number },
  xs: readonly number[],
  series: readonly CurveSeries[],
  x: Axis,
  y: Axis,
): Drawing {
  const { width, height } = size;
  const left = 62;
  const right = width - size.labels;
  const bottom = height - BOTTOM;
  const values = series.flatMap(({ ys }) => ys);
  const yMarks = marks(y.scale, Math.min(...values), Math.max(...values));
  const xAt = place(x.scale, xs[0]!, xs.at(-1)!, left, right);
  const yAt = place(y.scale, yMarks[0]!, yMarks.at(-1)!, bottom, TOP);
  const ends = spread(series.map(({ ys }) => yAt(ys.at(-1)!)));
  return {
    width,
    height,
    left,
    right,
    top: TOP,
    bottom,
    xTicks: thinned(xs, xAt).map((value) => ({ at: xAt(value), words: x.words(value) })),
    yTicks: yMarks.map((value) => ({ at: yAt(value), words: y.words(value) })),
    lines: series.map(({ label, ys }, index) => ({
      label,
      path: ys
        .map((value, place) => `${place === 0 ? 'M' : 'L'}${round(xAt(xs[place]!))} ${round(yAt(value))}`)
        .join(''),
      endX: right,
      labelY: ends[index]!,
    })),
  };
}

function place(scale: Axis['scale'], min: number, max: number, from: number, to: number): (value: number) => number {
  const part =
    scale === 'log'
      ? (value: number) => Math.log(value / min) / Math.log(max / min)
      : (value: number) => (value - min) / (max - min);
  return (value) => round(from + part(value) * (to - from));
}

/** The gridlines that enclose the values: decades (or 1, 2, 5 where there is but one), or a few round steps from 0. */
export function marks(scale: Axis['scale'], min: number, max: number): readonly number[] {
  if (scale === 'linear') {
    const step = roundStep(max / 4);
    return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, index) => index * step);
  }
  const decades = Math.ceil(Math.log10(max) - 1e-9) - Math.floor(Math.log10(min) + 1e-9);
  const factors = decades > 2 ? [1] : [1, 2, 5];
  const all: number[] = [];
  for (let decade = Math.floor(Math.log10(min) + 1e-9); decade <= Math.ceil(Math.log10(max)); decade++) {
    for (const factor of factors) all.push(Number((factor * 10 ** decade).toPrecision(1)));
  }
  const first = all.findLastIndex((mark) => mark <= min * (1 + 1e-9));
  const last = all.findIndex((mark) => mark >= max * (1 - 1e-9));
  return all.slice(first, Math.max(last, first + 1) + 1);
}

function roundStep(rough: number): number {
  const decade = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * decade).find((step) => step >= rough * (1 - 1e-9))!;
}

/** So many x values that their labels do not touch; the first and the last always. */
function thinned(xs: readonly number[], at: (value: number) => number): readonly number[] {
  const kept = [xs[0]!];
  for (const value of xs.slice(1, -1)) {
    if (at(value) - at(kept.at(-1)!) >= 52 && at(xs.at(-1)!) - at(value) >= 52) kept.push(value);
  }
  return [...kept, xs.at(-1)!];
}

/** Moves labels down until they stand apart. */
function spread(wanted: readonly number[]): readonly number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = [...wanted];
  let free = -Infinity;
  for (const index of order) {
    placed[index] = Math.max(wanted[index]!, free);
    free = placed[index] + LABEL_GAP;
  }
  return placed;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
