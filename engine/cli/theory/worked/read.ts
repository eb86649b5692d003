import type { Row } from '../row.ts';

/** Worked examples as rows: each of an experiment's expected values is one, numbered in their order. */
export function examplesOf(document: Readonly<Record<string, unknown>>, where: string): unknown[] {
  const { experiments } = document;
  if (!Array.isArray(experiments))
    throw new Error(`${where}: field "experiments": found ${typeof experiments}, expected a list`);
  return experiments.flatMap((each: unknown, index) => rowsFrom(each, `${where}: experiments ${index}`));
}

interface Experiment {
  readonly id: string;
  readonly scenario: unknown;
  readonly guide_claim?: string;
  readonly correct_statement?: string;
  readonly expected: readonly Readonly<Record<string, unknown>>[];
}

function rowsFrom(each: unknown, where: string): unknown[] {
  if (!isExperiment(each)) throw new Error(`${where}: field "expected": a list of values was expected`);
  const { id, scenario, guide_claim: guide = '', correct_statement: correct = '' } = each;
  return each.expected.map((expected, index) => {
    const { metric, value, requests } = expected;
    return {
      id: `${id}/${index + 1}`,
      scenario,
      claim: `${guide} ${correct}`,
      metric,
      expected: value,
      ...toleranceIn(expected),
      ...(requests !== undefined && { requests_needed: requests }),
    };
  });
}

function isExperiment(each: unknown): each is Experiment {
  return typeof each === 'object' && each !== null && 'expected' in each && Array.isArray(each.expected);
}

type Tolerance = Partial<Pick<Row, 'tolerance_abs' | 'tolerance_rel' | 'requests_needed'>>;

/** As a number, a list of them, or a note such as "3% (2e6 requests)"; "exact" is no tolerance at all. */
function toleranceIn(expected: Readonly<Record<string, unknown>>): Tolerance {
  const {
    tolerance_abs: absolute,
    tolerance_rel: relative,
    tolerance_note: note,
  } = expected as Tolerance & {
    readonly tolerance_note?: string;
  };
  if (absolute !== undefined) return { tolerance_abs: absolute };
  if (relative !== undefined) return { tolerance_rel: relative };
  const percent = /([\d.]+)\s*%/.exec(note ?? '')?.[1];
  const requests = /(\d+e\d+)/.exec(note ?? '')?.[1];
  return {
    ...(percent !== undefined && { tolerance_rel: Number(percent) / 100 }),
    ...(requests !== undefined && { requests_needed: Number(requests) }),
  };
}
