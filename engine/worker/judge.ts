import type { Check, KataScenario, PolicyKind, Scenario, ScenarioVerdict } from '../index.ts';
import type { Instrumented } from '../grade/instrumented.ts';
import { revealed } from '../grade/reveal.ts';
import { verdictOf } from '../grade/run.ts';
import type { Run } from '../grade/run.ts';
import { policiesFor } from '../policies-for.ts';

export type { Instrumented } from '../grade/instrumented.ts';
export type { Run } from '../grade/run.ts';

/** A kata as the Judge needs it. */
export interface JudgedKata {
  readonly policy: PolicyKind;
  readonly scenarios: readonly KataScenario[];
  readonly checks: readonly Check[];
}

/** One run to be judged. It came out of the sandbox. */
export interface Submission {
  readonly kata: string;
  /** Index among the kata's scenarios. */
  readonly test: number;
  readonly seed: number;
  readonly run: Run;
  readonly insertions: Instrumented['insertions'];
  /** Instead of the test's own world: a smaller one, made of it. */
  readonly world?: Scenario | undefined;
}

/**
 * The trusted side of grading. It holds the scenarios and the checks, replays tapes and gives verdicts; no code of a learner ever runs in its
 * thread.
 */
export class Judge {
  private readonly load: (kata: string) => Promise<JudgedKata>;

  constructor(load: (kata: string) => Promise<JudgedKata>) {
    this.load = load;
  }

  async kata(slug: string): Promise<Omit<JudgedKata, 'checks'>> {
    const { policy, scenarios } = await this.load(slug);
    return { policy, scenarios };
  }

  async judge({ kata, test, seed, run, insertions, world }: Submission): Promise<ScenarioVerdict> {
    const { scenarios, checks } = await this.load(kata);
    const { suite, number, reveal } = scenarios[test]!;
    const tested = world === undefined ? scenarios[test]! : { suite, number, scenario: world };
    const verdict = verdictOf(run, { checks, test: tested, seed, code: { insertions }, policies: policiesFor });
    return world === undefined ? revealed(verdict, reveal) : verdict;
  }
}
