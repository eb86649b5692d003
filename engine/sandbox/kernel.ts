/**
 * The engine within a realm that is no browser: QuickJS, or a realm of Node's. Bundled into one script, it leaves one function, which its host takes
 * away at once; whatever crosses is text, but for the learner's factory and what the learner's code threw.
 */
import type { Instrumented } from '../grade/instrumented.ts';
import type { PolicyKind } from '../grade/kata.ts';
import { runToJson } from '../grade/run-json.ts';
import type { Scenario } from '../world/scenario.ts';
import { Guard, LIMITS } from './guard.ts';
import { faultOf } from './learner-fault.ts';
import { lockDown } from './lockdown.ts';
import { runScenario } from './run.ts';

/** One test, as text. */
export interface KernelTest {
  readonly kind: PolicyKind;
  readonly scenario: Scenario;
  readonly seed: number;
}

export interface Kernel {
  /** The learner's module is about to be loaded: `sites` of its instrumented code, as text. */
  begin(sites: string): void;
  /** The module is there: runs a test, answers the run as text. */
  run(test: string, factory: unknown): string;
  /** The module could not be loaded: answers a run that says so. */
  failed(thrown: unknown): string;
}

function start(): Kernel {
  // Taken before the lock-down, which leaves it as it is.
  const parse = JSON.parse;
  const guard = new Guard(LIMITS, () => undefined);
  lockDown(guard, () => undefined);
  const failed = (thrown: unknown): string => {
    guard.leave();
    const fault = faultOf(thrown, guard.hit, 'your file');
    return runToJson({ tape: {}, lines: new Uint16Array(0), steps: guard.total, digest: '', fault });
  };
  return {
    failed,
    begin(sites) {
      guard.load({ sites: parse(sites) as Instrumented['sites'] });
      guard.enter();
    },
    run(test, factory) {
      // The module may have hidden that it hit a limit.
      if (guard.hit !== undefined) return failed(undefined);
      guard.leave();
      const { kind, scenario, seed } = parse(test) as KernelTest;
      return runToJson(runScenario(scenario, seed, kind, factory, guard, () => undefined));
    },
  };
}

/** The name under which hosts find it. */
Reflect.set(globalThis, 'ballastKernel', start);
