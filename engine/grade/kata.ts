import type { Scenario } from '../world/scenario.ts';
import type { Variation } from './variation.ts';

/** What a kata asks for: which policy of the scenario the learner's takes the place of. */
export type { PolicyKind } from './policy-kinds.ts';

export type Suite = 'visible' | 'hidden';

/** One test of a kata: katas/<kata>/scenarios/<suite>-<number>-<name>.json. */
export interface KataScenario {
  readonly suite: Suite;
  /** From 1 within the suite. */
  readonly number: number;
  readonly scenario: Scenario;
  /** What of it the attempt's seed draws. */
  readonly varies?: readonly Variation[] | undefined;
  /** What a learner sees of a failure in it; everything unless said. */
  readonly reveal?: Reveal | undefined;
}

export type Reveal = 'full' | 'message' | 'description' | 'points';
