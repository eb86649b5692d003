import type { Action, Failure, FailureKind, KataVerdict, Scenario, ScenarioVerdict } from '../../../engine/index.ts';
import type { Score } from '../../store/records.ts';
import { formatCount, formatUs } from '../chart/format.ts';

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
export function lineFact({ kind, when, backends }: Failure): string | undefined {
  if (!when) return undefined;
  const stopped = stops[kind];
  if (stopped !== undefined) return `${stopped} at ${formatUs(when.atUs)}`;
  const picked = when.request > 0 && backends?.chose !== undefined;
  return `${picked ? `chose ${backends.chose}` : 'decided'} at ${formatUs(when.atUs)}`;
}

const stops: Partial<Record<FailureKind, string>> = {
  threw: 'threw',
  'too-long': 'ran too long',
  'too-much-memory': 'took too much memory',
};

/** The size of a world: "3 backends, 26 requests, 1 fault, ends at 233 ms". */
export function worldText({ scenario, requests }: { scenario: Scenario; requests: number }): string {
  const backends = scenario.pools.reduce((sum, pool) => sum + pool.backends.length, 0);
  const changes = scenario.timeline.filter((action) => planned.has(action.do)).length;
  const faults = scenario.timeline.filter((action) => !planned.has(action.do) && action.do !== 'recover').length;
  return [
    counted(backends, 'backend'),
    counted(requests, 'request'),
    faults === 0 ? 'no faults' : counted(faults, 'fault'),
    ...(changes === 0 ? [] : [counted(changes, 'planned change')]),
    `ends at ${formatUs(scenario.durationUs)}`,
  ].join(', ');
}

/** What an operator does on purpose; the rest of a timeline goes wrong by itself. */
const planned = new Set<Action['do']>([
  'drain',
  'undrain',
  'disable',
  'enable',
  'add-backend',
  'remove-backend',
  'set-weight',
  'set-max-connections',
  'set-rate',
  'configure',
  'deploy',
]);

function counted(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`;
}
