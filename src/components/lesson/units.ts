import { NBSP, formatCount, formatShare, formatUs, trim } from '../chart/format.ts';

export type Unit = 'ms' | 's' | '%' | 'requests' | 'times' | '';

/** How a predicted quantity relates to what the engine answers (microseconds, parts of one, counts), and how it is written. */
export const UNITS: Readonly<Record<Unit, { fromEngine: number; words: (value: number) => string }>> = {
  ms: { fromEngine: 0.001, words: (value) => formatUs(value * 1000) },
  s: { fromEngine: 0.000001, words: (value) => formatUs(value * 1_000_000) },
  '%': { fromEngine: 100, words: (value) => formatShare(value / 100) },
  requests: { fromEngine: 1, words: (value) => `${formatCount(value)}${NBSP}requests` },
  times: { fromEngine: 1, words: (value) => `${trim(value, value < 10 ? 1 : 0)}${NBSP}times` },
  '': { fromEngine: 1, words: (value) => trim(value, value < 10 ? 2 : 0) },
};

/** Tick labels leave out the word that the question says anyway. */
export function tickWords(unit: Unit, value: number): string {
  return unit === 'requests' ? formatCount(value) : unit === 'times' ? `${trim(value, 1)}×` : UNITS[unit].words(value);
}

/** A prediction is kept in what the chart draws: microseconds for times, otherwise the unit itself. */
export function keptValue(unit: Unit, value: number): number {
  return unit === 'ms' || unit === 's' ? Math.round(value / UNITS[unit].fromEngine) : value;
}

export function shownValue(unit: Unit, kept: number): number {
  return unit === 'ms' || unit === 's' ? kept * UNITS[unit].fromEngine : kept;
}

/** "4.7 times yours", "half of yours", "what you said". */
export function comparedWords(answer: number, predicted: number): string {
  if (predicted === 0) return answer === 0 ? 'what you said' : 'and you said none';
  const ratio = answer / predicted;
  if (ratio > 0.9 && ratio < 1.1) return 'within a tenth of yours';
  return ratio >= 1
    ? `${trim(ratio, ratio < 10 ? 1 : 0)}${NBSP}times yours`
    : `yours is ${trim(1 / ratio, 1 / ratio < 10 ? 1 : 0)}${NBSP}times that`;
}
