import type { AttemptRecord } from '../../store/progress.ts';
import { clock } from './ResultsPane.tsx';
import { countText } from './summary.ts';

/** The attempts so far, the newest first: how they went, and their code to look at or bring back. */
export function Attempts({
  attempts,
  compare,
  restore,
}: {
  attempts: readonly AttemptRecord[];
  compare: (attempt: AttemptRecord) => void;
  restore: (attempt: AttemptRecord) => void;
}) {
  if (attempts.length === 0) return null;
  return (
    <details class="b-attempts">
      <summary>Attempts, {attempts.length}</summary>
      <ol reversed>
        {[...attempts].reverse().map((attempt) => (
          <li key={attempt.atIso}>
            <p>
              {clock(new Date(attempt.atIso))}: {countText(attempt.visible, attempt.hidden)}
            </p>
            {attempt.failure !== undefined && <p class="b-attempt-failure">{attempt.failure}</p>}
            <p class="b-attempt-actions">
              <button type="button" class="b-link-button" onClick={() => compare(attempt)}>
                Compare with now
              </button>
              <button type="button" class="b-link-button" onClick={() => restore(attempt)}>
                Bring back
              </button>
            </p>
          </li>
        ))}
      </ol>
    </details>
  );
}
