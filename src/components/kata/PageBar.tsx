import { BusyButton } from './BusyButton.tsx';
import type { KataInfo } from './kata-info.ts';
import { clock } from './ResultsPane.tsx';
import type { Session, Suite } from './session.ts';

/** The row over the three panes: which kata, how it stands, and what to do with the code. */
export function PageBar({
  kata,
  session,
  comparing,
  reset,
  diff,
  run,
}: {
  kata: KataInfo;
  session: Session;
  comparing: boolean;
  reset: () => void;
  diff: () => void;
  run: (suite: Suite) => void;
}) {
  const suite = session.running.value?.suite;
  const attempts = session.attempts.value.length;
  return (
    <div class="b-kata-bar">
      <h1 id="_top">
        <span class="b-kata-number">{kata.number}</span> {kata.title}
      </h1>
      <p class="b-kata-standing" data-pagefind-ignore>
        {savedText(session)} {attempts > 0 && `Attempt ${attempts}`}
        {kata.lesson && (
          <>
            {attempts > 0 ? ', after ' : 'After '}
            {kata.lesson.href === undefined ? (
              `lesson ${kata.lesson.number}`
            ) : (
              <a href={kata.lesson.href}>lesson {kata.lesson.number}</a>
            )}
          </>
        )}
        {(attempts > 0 || kata.lesson) && '.'}
      </p>
      <div class="b-kata-actions" data-pagefind-ignore>
        <button type="button" class="b-link-button" onClick={reset}>
          Reset
        </button>
        <button type="button" class="b-link-button" aria-pressed={comparing} onClick={diff}>
          Diff to starter
        </button>
        <BusyButton
          name="Run"
          busyName="Running"
          busy={suite === 'visible'}
          blocked={suite === 'both'}
          shortcut="Control+Enter"
          onClick={() => run('visible')}
        />
        <BusyButton
          name="Submit"
          busyName="Submitting"
          main
          busy={suite === 'both'}
          blocked={suite === 'visible'}
          shortcut="Control+Shift+Enter"
          onClick={() => run('both')}
        />
      </div>
    </div>
  );
}

function savedText(session: Session): string {
  const saved = session.saved.value;
  if (!saved) return '';
  if (saved.status.kind === 'tab-only') return 'Kept in this tab only.';
  return `Saved ${clock(saved.at)}.`;
}
