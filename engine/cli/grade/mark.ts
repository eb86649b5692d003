import type { Check } from '../../grade/check.ts';
import type { KataScenario } from '../../grade/kata.ts';
import type { PolicyKind } from '../../grade/policy-kinds.ts';
import { runFromJson } from '../../grade/run-json.ts';
import { verdictOf } from '../../grade/run.ts';
import type { Run } from '../../grade/run.ts';
import { seedIn, worldOf } from '../../grade/variation.ts';
import type { ScenarioVerdict } from '../../grade/verdict.ts';
import { policiesFor } from '../../policies-for.ts';
import type { Ended } from './realm.ts';
import type { RunnerAnswer } from './runner.ts';
import type { Runners } from './runners.ts';
import type { Submission, Unreadable } from './submissions.ts';

/** A kata as it is graded here. */
export interface GradedKata {
  readonly policy: PolicyKind;
  readonly scenarios: readonly KataScenario[];
  readonly checks: readonly Check[];
}

/** What one submission got. */
export interface Mark {
  readonly submission: string;
  readonly kata: string;
  readonly result: 'passed' | 'failed' | 'unreadable';
  readonly passed: number;
  readonly total: number;
  /** What the learner's file claims; absent: nothing. */
  readonly claimed?: 'passed' | 'failed';
  /** It claims something else than what came out. */
  readonly disagrees: boolean;
  /** The first failure, in the verdict's words. */
  readonly failure: string;
  readonly message: string;
  readonly line?: number;
}

export function unreadable({ name, kata, problem }: Unreadable): Mark {
  const nothing = { passed: 0, total: 0, disagrees: false };
  return { submission: name, kata, result: 'unreadable', ...nothing, failure: 'Unreadable', message: problem };
}

/** Runs a submission where it can hurt nobody, replays its tapes here, and marks what the replay shows. */
export async function markOf(
  submission: Submission,
  kata: GradedKata,
  attempts: readonly number[],
  runners: Runners,
): Promise<Mark> {
  const tests = attempts.flatMap((attempt) => kata.scenarios.map((test) => ({ test, seed: seedIn(attempt, test) })));
  const answer = await runners.run({
    source: submission.code,
    kind: kata.policy,
    tests: tests.map(({ test, seed }) => ({ scenario: worldOf(test, seed), seed })),
  });
  const failures: Failing[] = [];
  const code = typeof answer === 'string' || answer.kind === 'does-not-compile' ? { insertions: [] } : answer;
  for (const [at, { test, seed }] of tests.entries()) {
    const run = runAt(at, answer, kata.policy);
    const failing =
      'failure' in run ? run : failingOf(verdictOf(run, { ...kata, test, seed, code, policies: policiesFor }));
    if (failing !== undefined) failures.push(failing);
  }
  return told(submission, tests.length, failures);
}

type Failing = Pick<Mark, 'failure' | 'message' | 'line'>;

function told({ name, kata, claimed }: Submission, total: number, failures: readonly Failing[]): Mark {
  const result = failures.length === 0 ? 'passed' : 'failed';
  const said = claimed === undefined ? undefined : claimed ? 'passed' : 'failed';
  return {
    submission: name,
    kata,
    result,
    passed: total - failures.length,
    total,
    ...(said && { claimed: said }),
    disagrees: said !== undefined && said !== result,
    ...(failures[0] ?? { failure: '', message: '' }),
  };
}

/** The run of one test, or why there is none that could be replayed. */
function runAt(at: number, answer: RunnerAnswer | 'time' | 'memory', kind: PolicyKind): Run | Failing {
  if (typeof answer === 'string') return COMPILER[answer];
  if (answer.kind === 'does-not-compile') {
    return { failure: 'Does not compile', message: answer.message, line: answer.line };
  }
  const text = answer.runs[at];
  if (text === undefined) return { ...ENDED[answer.ended ?? 'broken'] };
  return runFromJson(text, kind) ?? { ...ENDED.broken };
}

function failingOf({ status, failure }: ScenarioVerdict): Failing | undefined {
  if (status === 'passed') return undefined;
  const { title = 'Failed', message, chose, better, cost, line } = failure ?? {};
  const words = [message, chose, better, cost].filter(Boolean).join(' ');
  return { failure: title, message: words, ...(line !== undefined && { line }) };
}

const ENDED: Readonly<Record<Ended, Failing>> = {
  memory: { failure: 'Too much memory', message: 'The run was ended at its limit of memory.' },
  time: { failure: 'Ran too long', message: 'The run was ended at its limit of time.' },
  broken: { failure: 'No run', message: 'What came out of the run cannot be read as one.' },
};

const COMPILER: Readonly<Record<'time' | 'memory', Failing>> = {
  time: { failure: 'Ran too long', message: 'Compiling and running it were ended at the limit of time.' },
  memory: { failure: 'Too much memory', message: 'Compiling or running it filled the memory of its thread.' },
};
