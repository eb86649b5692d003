/** Learner code made ready for the sandbox, and what is needed to speak about it in the learner's own lines and columns. Plain data. */
export interface Instrumented {
  /** One ES module, line for line the learner's file. */
  readonly js: string;
  /** Each place that counts steps; the number passed to the guard is the index here. */
  readonly sites: readonly Site[];
  /** Text put into `js` that the learner did not write: on `line` (from 1), before `column` of the learner's line (from 1), `width` characters. */
  readonly insertions: readonly { readonly line: number; readonly column: number; readonly width: number }[];
}

export interface Site {
  readonly kind: 'loop' | 'function' | 'catch';
  readonly line: number;
  /** The loop around this one in the same function, as an index of `sites`; -1 where there is none. */
  readonly outer: number;
}

/**
 * What instrumented code calls. The sandbox defines these five as constants of the learner's realm.
 * - `step(site)` at the head of each loop turn, function and catch block: counts, and throws when the budget is spent.
 * - `at(line, value)` around each returned value: remembers the line, answers the value.
 * - `spread(list)` around each spread list: counts what it makes, answers the list.
 * - `grows(kept, entry)` around the first value of each `push`, `unshift`, `set` and `add`: looks how large it is, answers the entry.
 * - `mark(line)` before each statement, only in a run that looks for the line where code got stuck.
 */
export const GUARD = {
  step: '__ballast_step',
  at: '__ballast_at',
  spread: '__ballast_spread',
  grows: '__ballast_grows',
  mark: '__ballast_mark',
} as const;

/** The learner's column for a column of the instrumented line. */
export function originalColumn(insertions: Instrumented['insertions'], line: number, column: number): number {
  let before = 0;
  for (const insertion of insertions) {
    if (insertion.line === line && insertion.column + before < column) before += insertion.width;
  }
  return Math.max(1, column - before);
}
