/**
 * How evenly loads are spread. Two measures, since one number hides what the other shows: Jain's index is about all of them, the peak over the mean
 * about the one that will break first.
 *
 * Source: R. Jain, D. Chiu, W. Hawe, A quantitative measure of fairness and discrimination, DEC-TR-301, 1984.
 */

/** (sum x)^2 / (n sum x^2): 1 when all are equal, 1/n when one has everything, k/n when k share it. NaN of nothing. */
export function jainIndex(loads: readonly number[]): number {
  let sum = 0;
  let squares = 0;
  for (const load of loads) {
    sum += load;
    squares += load * load;
  }
  return (sum * sum) / (loads.length * squares);
}

/** The largest over the mean: 1 when all are equal, n when one has everything. NaN of nothing. */
export function peakToMean(loads: readonly number[]): number {
  const sum = loads.reduce((total, load) => total + load, 0);
  return (Math.max(...loads) * loads.length) / sum;
}
