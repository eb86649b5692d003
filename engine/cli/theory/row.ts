/** One row of a file of theory: a scenario in words and numbers, what is measured there, and what it should come to. */
export interface Row {
  readonly id: string;
  readonly scenario: Readonly<Record<string, unknown>>;
  readonly metric: string;
  readonly expected: unknown;
  /** The standard error of N requests is kappa / sqrt(N), relative to the expected value. */
  readonly kappa?: number;
  /** A list: one for each of the expected values. */
  readonly tolerance_rel?: number | readonly number[];
  readonly tolerance_abs?: number | readonly number[];
  readonly requests_needed?: number;
  readonly warmup_requests?: number;
  /** Half the width of the reference's own 95 % interval, absolute. */
  readonly reference_ci95?: number;
}

/** How rows are run. */
export interface Setting {
  readonly seed: number;
  /** Fewer requests where the tolerance can follow. */
  readonly quick: boolean;
  /** All rows of the file: some say "as" another. */
  readonly rows: readonly Row[];
}

export interface Check {
  readonly expected: unknown;
  readonly got: unknown;
  /** How far the two may be apart; 0: equal. */
  readonly tolerance: number;
  /** What was found must not be below, or above, what is expected. Absent: near it. */
  readonly bound?: 'at least' | 'at most';
}

export interface Measured {
  /** As it is printed. */
  readonly got: unknown;
  /** Requests, or draws, that it took. */
  readonly requests: number;
  /** Absent: `got` is compared with the row's `expected`, each number by the row's tolerance. */
  readonly checks?: readonly Check[];
  /** Instead of the row's, where another number of requests was measured. */
  readonly tolerance?: number;
}

/** One kind of row: which ones it takes, and the experiment. */
export interface Kind {
  readonly name: string;
  readonly takes: (row: Row) => boolean;
  readonly measure: (row: Row, setting: Setting) => Measured;
}

/** Thrown where a row says something that no experiment here understands; the message says what. */
export class NotApplicable extends Error {}

export function has(row: Row, ...fields: string[]): boolean {
  return fields.every((field) => row.scenario[field] !== undefined);
}

export function numberOf(row: Row, field: string): number {
  const value = row.scenario[field];
  if (typeof value === 'number') return value;
  throw new NotApplicable(`scenario.${field} is ${shown(value)}; a number was expected`);
}

export function textOf(row: Row, field: string): string {
  const value = row.scenario[field];
  if (typeof value === 'string') return value;
  throw new NotApplicable(`scenario.${field} is ${shown(value)}; a text was expected`);
}

/** What the pattern's first group matches, as a number. */
export function numberIn(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The tolerance of the row as it stands, absolute for an expected value of this size, and half a unit of the last digit if the value was rounded. */
export function toleranceOf(row: Row, expected: number, index = 0): number {
  const absolute = at(row.tolerance_abs, index);
  if (absolute !== undefined) return absolute === 0 ? 0 : absolute + roundingOf(expected);
  return (at(row.tolerance_rel, index) ?? 0) * Math.abs(expected);
}

function at(tolerance: number | readonly number[] | undefined, index: number): number | undefined {
  return typeof tolerance === 'object' ? tolerance[index] : tolerance;
}

/** Rows give rounded values with six significant digits. */
function roundingOf(expected: number): number {
  const [, decimals = ''] = String(expected).split('.');
  const digits = String(expected)
    .replace(/^-?0?\.?0*/, '')
    .replace('.', '');
  if (digits.length !== 6) return 0;
  let unit = 1;
  for (let place = 0; place < decimals.length; place += 1) unit /= 10;
  return unit / 2;
}

export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A whole unit of time in microseconds, where rows count in mean service times: rounding is then one part in a million. */
export const UNIT_US = 1_000_000;
