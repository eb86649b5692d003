/** What the success rates of a pool say, in percent: their mean, their population standard deviation, and `factor` of those below the mean. */
export function successRateBounds(
  rates: readonly number[],
  factor: number,
): { readonly average: number; readonly stdev: number; readonly threshold: number } {
  const average = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const variance = rates.reduce((sum, rate) => sum + (rate - average) * (rate - average), 0) / rates.length;
  const stdev = Math.sqrt(variance);
  return { average, stdev, threshold: average - factor * stdev };
}
