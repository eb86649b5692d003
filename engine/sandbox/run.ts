import { policiesFor } from '../policies-for.ts';
import type { Fault } from '../grade/fault.ts';
import type { PolicyKind } from '../grade/kata.ts';
import type { Run } from '../grade/run.ts';
import { COLUMN, recordTape } from '../grade/tape.ts';
import type { Tape } from '../grade/tape.ts';
import type { Scenario } from '../world/scenario.ts';
import { Simulation } from '../world/simulation.ts';
import type { Guard } from './guard.ts';
import { LearnerFault } from './learner-fault.ts';
import { withLearner } from './learner.ts';
import type { Observer } from './learner.ts';

/** The Judge measures; here the digest will do. */
export const ONLY_DIGEST = { trace: 'digest', log: false } as const;

/**
 * Runs one scenario with the learner's policy in it. `factory` is the default export of the learner's module, whatever that is; nothing that it does
 * makes this throw.
 */
export function runScenario(
  scenario: Scenario,
  seed: number,
  kind: PolicyKind,
  factory: unknown,
  guard: Guard,
  onDecision: (decision: number) => void,
): Run {
  const lines: number[] = [];
  const observer: Observer = {
    deciding: () => onDecision(lines.length),
    decided: (line) => void lines.push(line),
  };
  let tape = (): Tape => ({});
  let digest = '';
  let fault: Fault | undefined;
  try {
    const recorded = recordTape(withLearner(policiesFor(scenario), kind, scenario, factory, guard, observer), [
      COLUMN[kind],
    ]);
    // A factory that fails leaves no tape at all.
    tape = () => ({ ...recorded.tape(), seed });
    const simulation = new Simulation(scenario, recorded.policies, { seed, ...ONLY_DIGEST });
    simulation.runToEnd();
    digest = simulation.digest();
  } catch (error) {
    fault = LearnerFault.in(error) ?? engineFault(error);
  }
  return {
    tape: tape(),
    lines: Uint16Array.from(lines),
    steps: guard.total,
    digest,
    ...(fault && { fault }),
  };
}

function engineFault(error: unknown): Fault {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { kind: 'engine', call: '', message, line: 0, column: 0, loop: false, atUs: 0, request: 0 };
}
