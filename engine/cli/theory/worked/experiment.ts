import { has } from '../row.ts';
import type { Kind, Measured, Row, Setting } from '../row.ts';

/** One number, or one list of numbers, of a worked example. */
export interface Example extends Row {
  /** What the guide says and what is right, in words; some parameters stand only there. */
  readonly claim: string;
}

/** An experiment for the examples whose scenario has these fields and whose metric reads so. */
export function experiment(
  name: string,
  fields: readonly string[],
  metric: RegExp,
  measure: (example: Example, setting: Setting) => Measured,
): Kind {
  return {
    name,
    takes: (row) => isExample(row) && has(row, ...fields) && metric.test(row.metric),
    measure: (row, setting) => measure(row as Example, setting),
  };
}

export function isExample(row: Row): row is Example {
  return 'claim' in row;
}

/** The rows of one example, each measured by itself: the numbers in their order, the requests together. */
export function together(kind: Kind, rows: readonly Row[], setting: Setting): Measured {
  const found = rows.map((row) => kind.measure(row, setting));
  const got = found.map((one) => one.got);
  return {
    got: got.length === 1 ? got[0] : got,
    requests: found.reduce((sum, { requests }) => sum + requests, 0),
  };
}

/** All numbers in a text, "1,000" as one. */
export function numbersIn(text: string): number[] {
  return [...text.matchAll(/\d+(?:,\d{3})*(?:\.\d+)?/g)].map(([digits]) => Number(digits.replaceAll(',', '')));
}

/** "6 / 7 / 8 servers", "N=1/10/100": the numbers of the list that the pattern's first group holds. */
export function listIn(text: string, pattern: RegExp): number[] {
  return numbersIn(pattern.exec(text)?.[1] ?? '');
}

export const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Half a unit of the fourth digit, with which these files write exact values. */
export const FOUR_DIGITS = 5e-5;
