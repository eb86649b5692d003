/** Learner code graded in Node, by the same language service, guard, recorder and judge as in the browser; only the frame around it is missing. */
import { runInThisContext } from 'node:vm';
import type { Check, KataScenario, PolicyKind, ScenarioVerdict } from '../index.ts';
import { policiesFor } from '../index.ts';
import type { Instrumented } from '../grade/instrumented.ts';
import { GUARD } from '../grade/instrumented.ts';
import { verdictOf } from '../grade/run.ts';
import { worldOf } from '../grade/variation.ts';
import { Guard, LIMITS } from '../sandbox/guard.ts';
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
