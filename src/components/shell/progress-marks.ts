/**
 * Fills every beat cell and kata mark on the page from the store, and again whenever the store changes.
 * The page is complete without it: cells and marks then stand open.
 */
import { allKatas, allLessons, beats, subscribe, type Beat } from '../../store/progress.ts';

async function fill(): Promise<void> {
  const [lessons, katas] = await Promise.all([allLessons(), allKatas()]);
  const none: ReadonlySet<Beat> = new Set();

  for (const cells of document.querySelectorAll<HTMLElement>('[data-cells]')) {
    const done = lessons.get(cells.dataset['cells'] ?? '') ?? none;
    const next = done.size === 0 ? undefined : beats.find((beat) => !done.has(beat));
    for (const cell of cells.querySelectorAll<HTMLElement>('[data-beat]')) {
      const beat = cell.dataset['beat'] as Beat;
      cell.toggleAttribute('data-done', done.has(beat));
      cell.toggleAttribute('data-next', beat === next);
    }
    cells.ariaLabel = done.size === 0 ? 'No beats done' : `${done.size} of ${beats.length} beats done`;
  }

  for (const mark of document.querySelectorAll<HTMLElement>('[data-kata]')) {
    const state = katas.get(mark.dataset['kata'] ?? '') ?? 'new';
    mark.dataset['state'] = state;
    mark.ariaLabel = state.replaceAll('-', ' ');
  }
}

void fill();
subscribe(() => void fill());
