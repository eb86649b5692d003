import * as progress from '../../store/progress.ts';
import type { KataInfo } from './kata-info.ts';
import type { Services } from './session.ts';

/** The outside world of a session: the grader and the store. */
export function servicesFor({ slug: kata, promise }: KataInfo): Services {
  return {
    async run(request) {
      const { runKata } = await import('../../bridge/kata.ts');
      return runKata(request);
    },
    async shrink(source, verdict, options) {
      const { shrinkFailure } = await import('../../bridge/kata.ts');
      return shrinkFailure(kata, source, verdict, options);
    },
    async load() {
      const [kept, attempts, state] = await Promise.all([
        progress.source(kata),
        progress.attempts(kata),
        progress.kataState(kata),
      ]);
      return { source: kept?.source, helped: kept?.helped ?? false, attempts, state };
    },
    async saveSource(source, helped) {
      await progress.saveSource(kata, source, helped);
      return progress.storeStatus();
    },
    saveAttempt: (attempt) => progress.saveAttempt(kata, attempt),
    saveState: (state) => progress.setKataState(kata, state),
    async scheduleReview() {
      const question = `Write it again from the starter: ${promise}.`;
      const { dueIso } = await progress.addReview({ id: `katas/${kata}`, kind: 'kata', slug: kata, question });
      return new Date(dueIso);
    },
    now: () => new Date(),
  };
}
