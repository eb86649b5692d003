/**
 * Bounds for tests of random numbers. They are theorems, not approximations, so each test may say how unlikely its failure is.
 * Seeds are fixed before the first run and kept: a pass is never searched for.
 */

/** A test with this bound fails a correct generator once in a million seeds. */
export const LOG_RARITY = Math.log(1e6);

/** Pearson's statistic of counts against equal expectation. */
export function chiSquare(counts: ArrayLike<number>): number {
  const cells = Array.from(counts);
  const expected = cells.reduce((sum, count) => sum + count, 0) / cells.length;
  return cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/**
 * The interval that a chi-square variable of `freedom` degrees leaves, on either side, with probability at most e^-t (Laurent and Massart,
 * Annals of Statistics 28(5), 2000, lemma 1): freedom + 2 sqrt(freedom t) + 2 t and freedom - 2 sqrt(freedom t).
 */
export function chiSquareBounds(freedom: number, t = LOG_RARITY): { readonly low: number; readonly high: number } {
  const spread = 2 * Math.sqrt(freedom * t);
  return { low: freedom - spread, high: freedom + spread + 2 * t };
}

/**
 * The largest distance between the distribution of `values` and `cdf`, over all points (Kolmogorov-Smirnov). Values are whole numbers rounded
 * to the nearest, so the share of those <= x is compared with cdf(x + 1/2).
 */
export function largestDistance(values: readonly number[], cdf: (x: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b);
  let largest = 0;
  sorted.forEach((value, i) => {
    if (value === sorted[i + 1]) return;
    largest = Math.max(largest, Math.abs((i + 1) / sorted.length - cdf(value + 0.5)));
  });
  return largest;
}

/** What that distance exceeds with probability at most 2 e^(-2 n d^2) = e^-t (Dvoretzky, Kiefer, Wolfowitz; Massart's constant). */
export function distanceBound(n: number, t = LOG_RARITY): number {
  return Math.sqrt((t + Math.log(2)) / (2 * n));
}

export function moments(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, variance };
}
