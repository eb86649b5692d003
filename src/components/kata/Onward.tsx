import { lazy, Suspense } from 'preact/compat';
import { useState } from 'preact/hooks';
import type { KataVerdict } from '../../../engine/index.ts';
import type { KataState } from '../../store/progress.ts';
import type { KataInfo } from './kata-info.ts';
import type { Suite } from './session.ts';

/** Fetched when it is asked for. */
const ComparisonTable = lazy(() => import('./ComparisonTable.tsx'));

/** Nothing failed: what comes next. */
export function Onward({
  kata,
  verdict,
  suite,
  state,
  review,
  showSolution,
}: {
  kata: KataInfo;
  verdict: KataVerdict;
  suite: Suite | undefined;
  state: KataState;
  /** When it comes back. */
  review: Date | undefined;
  showSolution: () => void;
}) {
  const [comparing, setComparing] = useState(false);
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
        <button type="button" class="b-link-button" aria-expanded={comparing} onClick={() => setComparing(!comparing)}>
          Where yours falls among the solution and shipped policies
        </button>
      </p>
      {comparing && (
        <Suspense fallback={<p>Opening the comparison</p>}>
          <ComparisonTable key={verdict.attempt} kata={kata} verdict={verdict} />
        </Suspense>
      )}
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
