import type { PolicyKind } from '../../grade/kata.ts';
import type { Instrumented } from '../../grade/instrumented.ts';
import type { Scenario } from '../../world/scenario.ts';

/** A place in which learner code runs: handed a job, it answers one text for each test, in their order. */
export type Realm = (job: RealmJob) => Promise<RealmResult> | RealmResult;

export interface RealmJob {
  readonly kernel: string;
  readonly kind: PolicyKind;
  readonly code: Instrumented;
  readonly tests: readonly { readonly scenario: Scenario; readonly seed: number }[];
}

export interface RealmResult {
  /** Runs as texts (grade/run-json.ts). Fewer than tests: the realm was ended, and `ended` says why. */
  readonly runs: readonly string[];
  readonly ended?: Ended;
}

export type Ended = 'memory' | 'time' | 'broken';

/** What engine and learner's code may have together, wherever they run. */
export const MEMORY_BYTES = 256 * 1024 * 1024;

export interface RealmLimits {
  readonly memoryBytes: number;
  /** For all tests of a submission together. */
  readonly timeMs: number;
}
