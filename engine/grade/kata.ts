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
  /** What of it the attempt's seed draws. */
  readonly varies?: readonly Variation[] | undefined;
  /** What a learner sees of a failure in it; everything unless said. */
  readonly reveal?: Reveal | undefined;
}

export type Reveal = 'full' | 'message' | 'description' | 'points';

/** Something of a hidden scenario that the attempt's seed draws. In the scenario's file these stand in a list, `varies`. */
export type Variation =
  /** A whole number from `from` to `to`, both included. */
  | { readonly at: string; readonly from: number; readonly to: number }
  /** One of these. */
  | { readonly at: string; readonly of: readonly (string | number | boolean)[] }
  /** How many of the list's first elements there are: it is written at its longest. */
  | { readonly at: string; readonly count: readonly [least: number, most: number] };
