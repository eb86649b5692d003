/** The marks a prediction can stand on: a ruler of `values` from `min` to `max`, of which some are long (labelled) ticks. */
export interface Ruler {
  readonly values: readonly number[];
  /** Indices of labelled ticks, and of short ones; the other marks are not drawn. */
  readonly long: readonly number[];
  readonly short: readonly number[];
  /** How many values Shift and an arrow jump: a decade, or a labelled stretch. */
  readonly jump: number;
}

/** Log: 18 marks a decade (1, 1.5, 2 … 9.5), long ones at the decades. Both bounds must be powers of ten. */
export function logRuler(min: number, max: number): Ruler {
  const values: number[] = [];
  const long: number[] = [];
  const short: number[] = [];
  for (let decade = min; decade < max * 0.999; decade *= 10) {
    long.push(values.length);
    for (let half = 2; half < 20; half++) {
      if (half > 2 && half % 2 === 0) short.push(values.length);
      values.push((half * decade) / 2);
    }
  }
  long.push(values.length);
  values.push(max);
  return { values, long, short, jump: 18 };
}

/** Linear: `step` apart, long ticks at four or so equal stretches. */
export function linearRuler(min: number, max: number, step: number): Ruler {
  const count = Math.round((max - min) / step);
  const values = Array.from({ length: count + 1 }, (_, index) => min + index * step);
  const stretches = [4, 5, 3, 2].find((parts) => count % parts === 0) ?? 4;
  const jump = Math.max(1, Math.round(count / stretches));
  const long = values.map((_, index) => index).filter((index) => index % jump === 0 || index === count);
  // More than forty ticks would blur into a bar on a phone.
  const every = Math.ceil(count / 40);
  const short = values.map((_, index) => index).filter((index) => index % every === 0 && !long.includes(index));
  return { values, long, short, jump };
}

/** Where a value stands, from 0 at the left to 1. Between two marks it is placed by its logarithm, or evenly. */
export function partOf(ruler: Ruler, value: number, scale: 'log' | 'linear'): number {
  const [min, max] = [ruler.values[0]!, ruler.values.at(-1)!];
  const part = scale === 'log' ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
  return Math.min(1, Math.max(0, part));
}

/** The mark nearest to a place on the ruler. */
export function nearestMark(ruler: Ruler, part: number, scale: 'log' | 'linear'): number {
  let best = 0;
  ruler.values.forEach((value, index) => {
    const off = Math.abs(partOf(ruler, value, scale) - part);
    if (off < Math.abs(partOf(ruler, ruler.values[best]!, scale) - part)) best = index;
  });
  return best;
}
