/**
 * Jain's index of fairness: (sum x)^2 / (n sum x^2). 1 if all have the same, 1 / n if one has everything, k / n if k of n share equally. NaN for no loads, or none above 0.
 *
 * Source: Jain, Chiu and Hawe, DEC research report TR-301, 1984.
 */
export function jainIndex(loads: readonly number[]): number {
  const sum = loads.reduce((total, load) => total + load, 0);
  const squares = loads.reduce((total, load) => total + load * load, 0);
  return (sum * sum) / (loads.length * squares);
}
