import { KINDS } from './kinds.ts';
import { NotApplicable, shown, toleranceOf } from './row.ts';
import type { Check, Measured, Row, Setting } from './row.ts';
import { isExample } from './worked/experiment.ts';
import { WORKED } from './worked/kinds.ts';

export interface Verdict {
  readonly id: string;
  readonly is: 'within' | 'outside' | 'not applicable';
  /** The line that is printed. */
  readonly line: string;
}

/** Runs the experiment of one row and compares. A row on which the engine stumbles is outside; it never ends the others. */
export function judge(row: Row, setting: Setting): Verdict {
  try {
    const kind = (isExample(row) ? WORKED : KINDS).find(({ takes }) => takes(row));
    if (kind === undefined) {
      const fields = Object.keys(row.scenario).join(', ');
      throw new NotApplicable(`no experiment here has the scenario fields ${fields} and the metric "${row.metric}"`);
    }
    return compared(row, kind.measure(row, setting));
  } catch (error) {
    if (error instanceof NotApplicable)
      return { id: row.id, is: 'not applicable', line: `${row.id}: not applicable: ${error.message}` };
    return { id: row.id, is: 'outside', line: `${row.id}: outside: the run failed: ${String(error)}` };
  }
}

function compared(row: Row, measured: Measured): Verdict {
  const { got, requests, tolerance } = measured;
  const checks = measured.checks ?? wholeChecks(row, row.expected, got, tolerance);
  const missed = checks.filter((check) => !holds(check));
  const is = missed.length === 0 && checks.length > 0 ? 'within' : 'outside';
  const most = checks.map(({ tolerance: each }) => each);
  const tolerances = [...new Set(most)].map(shown).join(' / ');
  const why = missed.map(
    ({ expected, got: found, bound }) => `; ${shown(found)} is not ${bound ?? 'near'} ${shown(expected)}`,
  );
  return {
    id: row.id,
    is,
    line: `${row.id}: ${is}: expected ${shown(row.expected)}, got ${shown(got)}, tolerance ${tolerances}, requests ${requests}${why.join('')}`,
  };
}

/** `expected` and `got` number by number. */
function wholeChecks(row: Row, expected: unknown, got: unknown, tolerance: number | undefined, index = 0): Check[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) return [{ expected, got, tolerance: 0 }];
    return expected.flatMap((each, at) => wholeChecks(row, each, got[at], tolerance, at));
  }
  if (typeof expected !== 'number') return [{ expected, got, tolerance: 0 }];
  return [{ expected, got, tolerance: tolerance ?? toleranceOf(row, expected, index) }];
}

function holds({ expected, got, tolerance, bound }: Check): boolean {
  if (typeof expected !== 'number' || typeof got !== 'number') return JSON.stringify(expected) === JSON.stringify(got);
  if (bound === 'at least') return got >= expected - tolerance;
  if (bound === 'at most') return got <= expected + tolerance;
  return Math.abs(got - expected) <= tolerance;
}
