import type { Failure, FailureKind, KataVerdict, ScenarioVerdict } from '../../../engine/index.ts';
import type { Score } from '../../store/records.ts';
import { formatUs } from '../chart/format.ts';

/** The words of a verdict. Nothing here says "all passed": a count of what was tried is all that a run can show. */

export function countOf(verdict: KataVerdict, suite: ScenarioVerdict['suite']): Score {
  const scenarios = verdict.scenarios.filter((one) => one.suite === suite);
  return { passed: scenarios.filter(({ status }) => status === 'passed').length, total: scenarios.length };
}

/** "3 of 3 visible, 5 of 7 hidden"; a suite that was not run is left out. */
export function countText(visible: Score, hidden: Score | undefined): string {
  if (visible.total === 0) return 'Nothing ran';
  const part = (name: string, { passed, total }: Score) => `${passed} of ${total} ${name}`;
  return hidden && hidden.total > 0
    ? `${part('visible', visible)}, ${part('hidden', hidden)}`
    : part('visible', visible);
}

/** The heading of the results. */
export function headline(verdict: KataVerdict): string {
  const ran = verdict.scenarios.filter(({ status }) => status !== 'not-run');
  if (ran.length === 0) return verdict.failure?.kind === 'engine-fault' ? 'No verdict' : 'Nothing ran';
  const hidden = ran.some(({ suite }) => suite === 'hidden') ? countOf(verdict, 'hidden') : undefined;
  return countText(countOf(verdict, 'visible'), hidden);
}

/** The failure to show first: of the whole run, or of the first scenario that failed. */
export function firstFailed(verdict: KataVerdict): ScenarioVerdict | undefined {
  return verdict.scenarios.find(({ status }) => status === 'failed');
}

/** How many scenarios failed; one where nothing could run at all. */
export function failing(verdict: KataVerdict): number {
  const failed = verdict.scenarios.filter(({ status }) => status === 'failed').length;
  return failed === 0 && verdict.failure ? 1 : failed;
}

/** What a screen reader hears when a verdict has come. */
export function announcement(verdict: KataVerdict): string {
  const failure = verdict.failure ?? firstFailed(verdict)?.failure;
  return failure ? `${headline(verdict)}. ${failure.title}.` : `${headline(verdict)}.`;
}

/** What a failure of this kind means for the learner, where the failure itself does not say it. */
export const kindAdvice: Record<FailureKind, string> = {
  'does-not-compile': 'Nothing was run.',
  threw: 'The run ended there.',
  'too-long': 'The run was stopped; the next one begins afresh.',
  'too-much-memory': 'The run was stopped and its memory given back.',
  'wrong-answer': '',
  'engine-fault': 'This does not count as an attempt.',
};

/** "Hidden 4: One slow" */
export function scenarioText({ suite, number, title }: ScenarioVerdict): string {
  return `${suite === 'visible' ? 'Visible' : 'Hidden'} ${number}: ${title}`;
}

/** What stands under the highlighted line in the editor. */
export function lineRemark({ kind, title, message = title, when, chose }: Failure): string {
  if (when && chose !== undefined) return `at ${formatUs(when.atUs)}: ${chose}`;
  return kind === 'too-long' || kind === 'too-much-memory' ? title : message;
}

/** The same in few words, for the row under the editor. */
export function lineFact({ when, backends }: Failure): string | undefined {
  if (!when) return undefined;
  const picked = when.request > 0 && backends?.chose !== undefined;
  return `${picked ? `chose ${backends.chose}` : 'decided'} at ${formatUs(when.atUs)}`;
}
