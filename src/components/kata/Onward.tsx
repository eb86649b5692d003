import type { KataState } from '../../store/progress.ts';
import type { KataInfo } from './kata-info.ts';
import type { Suite } from './session.ts';

/** Nothing failed: what comes next. */
export function Onward({
  kata,
  suite,
  state,
  review,
  showSolution,
}: {
  kata: KataInfo;
  suite: Suite | undefined;
  state: KataState;
  /** When it comes back. */
  review: Date | undefined;
  showSolution: () => void;
}) {
  if (suite === 'visible') {
    return <p class="b-onward">What was tried holds. Submit tries the hidden scenarios too.</p>;
  }
  return (
    <div class="b-onward">
      <p>
        <strong>{state === 'solved-with-help' ? 'Solved with help.' : 'Solved.'}</strong> It held in every scenario that
        was tried, with seeds drawn for this submission.
        {review && ` It comes back for review on ${day(review)}.`}
      </p>
      <p>
        <button type="button" class="b-link-button" onClick={showSolution}>
          Compare with the reference solution
        </button>
      </p>
      {kata.next && (
        <p>
          <a href={kata.next.href}>
            Next kata: {kata.next.number} {kata.next.title}
          </a>
        </p>
      )}
    </div>
  );
}

function day(date: Date): string {
  return date.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
}
