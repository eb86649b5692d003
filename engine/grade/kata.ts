import type { Scenario } from '../world/scenario.ts';

/** What a kata asks for: which policy of the scenario the learner's takes the place of. */
export type { PolicyKind } from './policy-kinds.ts';

export type Suite = 'visible' | 'hidden';

/** One test of a kata: katas/<kata>/scenarios/<suite>-<number>-<name>.json. */
export interface KataScenario {
  readonly suite: Suite;
  /** From 1 within the suite. */
  readonly number: number;
  readonly scenario: Scenario;
}
