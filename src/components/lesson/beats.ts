import type { Beat } from '../../store/records.ts';

/**
 * Marks the beat around `element` as done. The store loads with the first beat. Outside a lesson it does nothing, and for beats whose
 * activity is something else it does nothing either: `only` names the ones it is for.
 */
export function markDone(element: Element | null, only: readonly Beat[] = ['hook', 'experiment']): void {
  const section = element?.closest<HTMLElement>('section[data-lesson]');
  const lesson = section?.dataset['lesson'];
  const beat = only.find((candidate) => candidate === section?.id);
  if (lesson === undefined || beat === undefined || section?.dataset['done'] === 'true') return;
  section!.dataset['done'] = 'true';
  void import('../../store/progress.ts').then(({ beatDone }) => beatDone(lesson, beat));
}
