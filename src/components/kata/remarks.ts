import type { Failure, KataVerdict, ScenarioVerdict } from '../../../engine/index.ts';
import { formatCount, formatUs, trim } from '../chart/format.ts';
import type { Cast } from '../lesson/cast.ts';
import type { Remark } from './editor/remark.ts';
import type { ToldDecision } from './replay/calls.ts';
import type { Decision } from './replay/model.ts';
import { lineWords } from './replay/words.ts';
import { lineFact, lineRemark } from './summary.ts';

/** What is said about a line of the learner's code, in the editor and in the row under it. */

export function failureRemark(failure: Failure): Remark | undefined {
  if (failure.line === undefined) return undefined;
  return { line: failure.line, words: lineRemark(failure), fact: lineFact(failure), tone: 'broken' };
}

/** The line of the decision that the replay shows; where the check failed, in the words of the failure. */
export function decisionRemark(decision: Decision, cast: Cast, failure: Failure | undefined): Remark | undefined {
  if (failure && decision.atUs === failure.when?.atUs) return failureRemark(failure);
  if (decision.line === 0) return undefined;
  const words = lineWords(decision, cast);
  return { line: decision.line, words, fact: words, tone: decision.costly ? 'broken' : 'plain' };
}

/** The same of a decision that is told in words. */
export function callRemark({ call, line, costly }: ToldDecision, failure: Failure | undefined): Remark | undefined {
  if (costly && failure?.when?.atUs === call.atUs && failure.line !== undefined) return failureRemark(failure);
  if (line === 0) return undefined;
  const words = `at ${formatUs(call.atUs)}: ${call.answered}`;
  return { line, words, fact: words, tone: costly ? 'broken' : 'plain' };
}

/** What the row under the editor says of the last run; of the dearest scenario where none is chosen. */
export function factsOf(
  verdict: KataVerdict | undefined,
  chosen: ScenarioVerdict | undefined,
  remark: Remark | undefined,
): string[] {
  const facts: string[] = [];
  const all = verdict?.scenarios.map(({ stepsPerDecision = 0 }) => stepsPerDecision) ?? [];
  const steps = chosen?.stepsPerDecision ?? Math.max(0, ...all);
  if (steps > 0) facts.push(stepText(steps));
  if (remark?.fact !== undefined) facts.push(`Line ${remark.line} ${remark.fact}`);
  return facts;
}

/** What a decision costs, in steps of the guard; the same code costs the same on every machine. */
function stepText(steps: number): string {
  const count = steps < 10 ? trim(steps, 1) : formatCount(steps);
  return `${count} ${count === '1' ? 'step' : 'steps'} per decision`;
}
