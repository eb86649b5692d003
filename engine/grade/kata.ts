import type { Scenario } from '../world/scenario.ts';
import type { Column } from './tape.ts';

/** What a kata asks for: the interface that the learner's factory must answer. */
export type PolicyKind = 'picker' | 'health';

/** The column of the tape that the learner's code fills. */
export const COLUMN: Record<PolicyKind, Column> = { picker: 'picks', health: 'health' };

export type Suite = 'visible' | 'hidden';

/** One test of a kata: katas/<kata>/scenarios/<suite>-<number>-<name>.json. */
export interface KataScenario {
  readonly suite: Suite;
  /** From 1 within the suite. */
  readonly number: number;
  readonly scenario: Scenario;
}
