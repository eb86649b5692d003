import type { Reveal } from './kata.ts';
import type { Failure, ScenarioVerdict } from './verdict.ts';

/**
 * What a learner sees of a test that failed. In a browser nothing is truly hidden; this is about what teaches, and about what a class is told while it still works.
 * - `full`: everything, with the run to watch.
 * - `message`: what was wrong, chosen and better, but not when, and no run to watch.
 * - `description`: the title of the failure.
 * - `points`: that it failed.
 */
export function revealed(verdict: ScenarioVerdict, reveal: Reveal = 'full'): ScenarioVerdict {
  if (reveal === 'full' || verdict.status !== 'failed') return verdict;
  const { failure, tape: _tape, lines: _lines, brokenOffUs: _brokenOffUs, ...rest } = verdict;
  const shown = failure && shownOf(failure, reveal);
  return { ...rest, ...(shown && { failure: shown }) };
}

function shownOf(failure: Failure, reveal: Reveal): Failure | undefined {
  const { kind, title } = failure;
  // What is ours to mend is never kept from anybody.
  if (kind === 'engine-fault') return failure;
  if (reveal === 'points') return undefined;
  if (reveal === 'description') return { kind, title };
  const { when: _when, costlyUs: _costlyUs, backends: _backends, ...message } = failure;
  return message;
}
