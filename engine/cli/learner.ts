/** Learner code graded in Node, by the same language service, guard, recorder and judge as in the browser; only the frame around it is missing. */
import { runInThisContext } from 'node:vm';
import type { Check, Failure, KataScenario, PolicyKind, Query, ScenarioVerdict } from '../index.ts';
import { policiesFor } from '../index.ts';
import { failureOf } from '../grade/fault.ts';
import type { Instrumented } from '../grade/instrumented.ts';
import { GUARD } from '../grade/instrumented.ts';
import { judgeRun, referenceOf } from '../grade/judge.ts';
import { verdictOf } from '../grade/run.ts';
import { worldOf } from '../grade/variation.ts';
import { Guard, LIMITS } from '../sandbox/guard.ts';
import { LearnerFault } from '../sandbox/learner-fault.ts';
import { withLearner } from '../sandbox/learner.ts';
import { runScenario } from '../sandbox/run.ts';
import { language } from './language.ts';

/** Learner code meets the guard as globals, as in the sandbox. */
export const guard = new Guard(LIMITS, () => undefined);
for (const [call, name] of Object.entries(GUARD)) Reflect.set(globalThis, name, Reflect.get(guard, call));

export interface Learner {
  readonly kind: PolicyKind;
  readonly code: Instrumented;
  /** The default export of a fresh copy of the module. */
  factory(): unknown;
}

/** Code that compiles, or else what is wrong with it: `Does not compile, line 3: …`. */
export function compile(source: string, kind: PolicyKind): Learner | string {
  const [error] = language.diagnostics(source, kind).filter(({ severity }) => severity === 'error');
  if (error) return `Does not compile, line ${error.line}: ${error.message}`;
  const code = language.instrument(source, { marks: false });
  const body = code.js.replace(/^export default /m, 'exports.default = ');
  const load = runInThisContext(`(function (exports) { 'use strict'; ${body}\n})`, { filename: 'learner.ts' }) as (
    exports: Record<string, unknown>,
  ) => void;
  return {
    kind,
    code,
    factory() {
      const exports: Record<string, unknown> = {};
      load(exports);
      return exports['default'];
    },
  };
}

/** One scenario run and judged. */
export function grade(learner: Learner, test: KataScenario, checks: readonly Check[], seed: number): ScenarioVerdict {
  guard.load(learner.code);
  const run = runScenario(worldOf(test, seed), seed, learner.kind, learner.factory(), guard, () => undefined);
  return verdictOf(run, { checks, test, seed, code: learner.code, policies: policiesFor });
}

/** What references answered, by scenario, seed and question: they are asked the same by every submission. One for the scenarios of a kata. */
export type Answered = Map<string, number>;

/** The same failure without a tape, in half the time: the checks listen while the learner's code decides, as only code that is trusted may. */
export function failureIn(
  learner: Learner,
  test: KataScenario,
  checks: readonly Check[],
  seed: number,
  answered: Answered = new Map(),
): Failure | undefined {
  guard.load(learner.code);
  const scenario = worldOf(test, seed);
  const lines: number[] = [];
  const observer = { deciding: () => undefined, decided: (line: number) => void lines.push(line) };
  const asked = referenceOf(scenario, seed, () => policiesFor(scenario));
  const reference = (query: Query): number => {
    const question = JSON.stringify([test.suite, test.number, seed, query]);
    const answer = answered.get(question) ?? asked(query);
    answered.set(question, answer);
    return answer;
  };
  try {
    const deciding = withLearner(policiesFor(scenario), learner.kind, scenario, learner.factory(), guard, observer);
    const hearsay = () => ({ lines: Uint16Array.from(lines), steps: guard.total });
    return judgeRun(checks, { scenario, seed, deciding, hearsay, reference }).failure;
  } catch (error) {
    const fault = LearnerFault.in(error);
    if (fault === undefined) throw error;
    return failureOf(fault, learner.code);
  }
}
