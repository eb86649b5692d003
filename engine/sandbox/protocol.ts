import type { Instrumented } from '../grade/instrumented.ts';
import type { PolicyKind } from '../grade/kata.ts';
import type { Run } from '../grade/run.ts';
import type { Scenario } from '../world/scenario.ts';
import type { Limits } from './guard.ts';

/**
 * What the page and the sandbox say to each other, over one MessagePort. The page believes nothing of what comes back before it has been
 * read by src/bridge/answers.ts.
 */

/** Page to sandbox, where there is no job yet: this world will do to warm up in, until there is one. */
export interface Rehearsal {
  readonly kind: PolicyKind;
  readonly scenario: Scenario;
}

/** Page to sandbox: run this code in these scenarios, one after the other. One job for each frame. */
export interface Job {
  /** Every answer carries it. */
  readonly run: number;
  readonly kind: PolicyKind;
  readonly code: Instrumented;
  readonly limits: Limits;
  /** In code with marks: nothing is marked before this decision of the first test. */
  readonly marksFrom: number;
  readonly tests: readonly { readonly scenario: Scenario; readonly seed: number }[];
}

export type Answer =
  /** The realm is locked down; a job may come. */
  | { readonly kind: 'ready' }
  /** Still at work: so many decisions of this test are taken. At least every `PROGRESS_MS` while learner code keeps answering. */
  | { readonly kind: 'progress'; readonly run: number; readonly test: number; readonly decision: number }
  /** About to run this line; only from code with marks. */
  | { readonly kind: 'mark'; readonly run: number; readonly test: number; readonly line: number }
  /** A test is over; after one that ran out of memory no other begins. `log`: what the learner's code wrote since the last. */
  | {
      readonly kind: 'result';
      readonly run: number;
      readonly test: number;
      readonly result: Run;
      readonly log: readonly string[];
    };

export const PROGRESS_MS = 50;

/** So many marks are sent for a job: enough to find a line, too few to keep the page busy. */
export const MOST_MARKS = 20_000;

/** The learner's console keeps so many lines of a run, each so long. */
export const LOG = { lines: 200, characters: 2000 } as const;

/** Its code keeps so much that no other test can run beside it. */
export function fillsMemory({ fault }: Run): boolean {
  return fault?.kind === 'memory' || fault?.kind === 'entries';
}
