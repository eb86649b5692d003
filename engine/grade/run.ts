import type { Policies } from '../core/policies.ts';
import type { Scenario } from '../world/scenario.ts';
import type { Check } from './check.ts';
import { failureOf } from './fault.ts';
import type { Fault } from './fault.ts';
import type { Instrumented } from './instrumented.ts';
import { judge } from './judge.ts';
import type { KataScenario } from './kata.ts';
import { TapeError } from './tape.ts';
import type { Tape } from './tape.ts';
import { worldOf } from './variation.ts';
import type { Failure, ScenarioVerdict } from './verdict.ts';

/** What came of one scenario in the sandbox. After a fault, what was decided until then. Nothing in it is to be believed. */
export interface Run {
  readonly tape: Tape;
  /** Line of the learner's file behind each decision, 0 where unknown. */
  readonly lines: Uint16Array;
  /** Guard steps, all decisions together. */
  readonly steps: number;
  /** Of the whole run; empty after a fault. */
  readonly digest: string;
  readonly fault?: Fault;
}

/** What a verdict is about. */
export interface Graded {
  readonly checks: readonly Check[];
  readonly test: KataScenario;
  readonly seed: number;
  readonly code: Pick<Instrumented, 'insertions'>;
  /** Makes a scenario's own policies, which are the reference. */
  readonly policies: (scenario: Scenario) => Policies;
}

/** The verdict on one scenario: the fault that ended the run, or what the replay of its tape shows. */
export function verdictOf(run: Run, { checks, test, seed, code, policies }: Graded): ScenarioVerdict {
  const failure = run.fault ? failureOf(run.fault, code) : replayed();
  return {
    suite: test.suite,
    number: test.number,
    name: test.scenario.name,
    title: test.scenario.title,
    seed,
    status: failure === undefined ? 'passed' : 'failed',
    ...(failure && { failure }),
    ...(run.fault && { brokenOffUs: run.fault.atUs }),
    ...(run.lines.length > 0 && { stepsPerDecision: run.steps / run.lines.length }),
    lines: run.lines,
    tape: run.tape,
  };

  function replayed(): Failure | undefined {
    try {
      const scenario = worldOf(test, seed);
      const { digest, failure } = judge(checks, {
        scenario,
        seed,
        tape: run.tape,
        lines: run.lines,
        steps: run.steps,
        policies: () => policies(scenario),
      });
      return digest === run.digest ? failure : disagreement(`digest ${digest}, the run said ${run.digest}`, seed);
    } catch (error) {
      if (error instanceof TapeError) return disagreement(error.message, seed);
      throw error;
    }
  }
}

/** The sandbox and the Judge have the same engine, so this is never the learner's doing, unless they tampered with it. */
function disagreement(detail: string, seed: number): Failure {
  return {
    kind: 'engine-fault',
    title: 'Our fault: the replay disagreed with the run',
    message: `Your code is not to blame and is safe. Reload the page; if it happens again, please report seed ${seed}: ${detail}`,
  };
}
