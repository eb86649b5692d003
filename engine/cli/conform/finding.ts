/** The two formats that `npm run conform` reads, and what it finds. */

/** One row of a vector file: an input and what a published system or paper answers to it. */
export interface VectorRow {
  readonly id: string;
  readonly source: string;
  readonly algorithm: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly input: unknown;
  readonly expected: unknown;
  readonly note?: string;
}

/** A recording of a real balancer: what it was sent, and whom it picked. */
export interface Recording {
  readonly balancer: string;
  readonly algorithm: string;
  readonly config_summary: string;
  readonly config: string;
  readonly backends: readonly { readonly name: string; readonly weight: number; readonly address: string }[];
  readonly requests: readonly Readonly<Record<string, unknown>>[];
  readonly picks: readonly string[] | string;
  readonly note?: string;
  readonly [field: string]: unknown;
}

export type Finding =
  | { readonly is: 'matched' }
  | { readonly is: 'differing'; readonly where: string; readonly expected: unknown; readonly got: unknown }
  /** The reason says what this row needs that no run of ours can give. */
  | { readonly is: 'not applicable'; readonly reason: string };

export interface VectorFamily {
  /** By the row's `algorithm`. Each runs the engine's own code and compares. */
  readonly vectors?: Readonly<Record<string, (row: VectorRow) => Finding>>;
  /** The first whose pattern fits the recording's "balancer: algorithm" replays it. */
  readonly recordings?: readonly { readonly of: RegExp; readonly replay: (recording: Recording) => Finding }[];
}

export function notApplicable(reason: string): Finding {
  return { is: 'not applicable', reason };
}

/**
 * Compares as JSON does, with numbers equal within `relative` of the larger one (0: exactly). The first place that differs is named.
 */
export function same(expected: unknown, got: unknown, relative = 0): Finding {
  return difference(expected, got, relative, '') ?? { is: 'matched' };
}

function difference(expected: unknown, got: unknown, relative: number, where: string): Finding | undefined {
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length) {
    return first(expected.map((value, index) => difference(value, got[index], relative, `${where}[${index}]`)));
  }
  if (isObject(expected) && isObject(got)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
    return first(
      keys.map((key) => difference(expected[key], got[key], relative, where === '' ? key : `${where}.${key}`)),
    );
  }
  if (Object.is(expected, got)) return undefined;
  if (typeof expected === 'number' && typeof got === 'number') {
    const largest = Math.max(Math.abs(expected), Math.abs(got));
    if (Math.abs(expected - got) <= relative * largest) return undefined;
  }
  return { is: 'differing', where: where === '' ? 'the whole' : where, expected, got };
}

function first(findings: readonly (Finding | undefined)[]): Finding | undefined {
  return findings.find((finding) => finding !== undefined);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
