import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { KataInfo } from './kata-info.ts';
import { closestOf, type Misconception } from './misconceptions.ts';
import { runMistake } from './mistakes.ts';
import type { Judged } from './session.ts';

type State = { kind: 'reading' } | { kind: 'read'; fitting: readonly Misconception[] } | { kind: 'failed' };

/** The mistakes that behave most like the last run, then the one this kata is about. `failed`: that run, if it gave a wrong answer. */
export function NamedMisconception({
  kata,
  failed,
  general,
}: {
  kata: KataInfo;
  failed: Judged | undefined;
  general: ComponentChildren;
}) {
  return (
    <>
      {failed && <Guess key={failed.at.getTime()} kata={kata} failed={failed} />}
      {general}
    </>
  );
}

function Guess({ kata, failed }: { kata: KataInfo; failed: Judged }) {
  const [state, setState] = useState<State>({ kind: 'reading' });
  useEffect(() => {
    const leaving = new AbortController();
    closestOf(kata.misconceptions, failed.verdict, (known) =>
      runMistake(kata.slug, known, failed, leaving.signal),
    ).then(
      (fitting) => leaving.signal.aborted || setState({ kind: 'read', fitting }),
      () => leaving.signal.aborted || setState({ kind: 'failed' }),
    );
    return () => leaving.abort();
  }, [kata, failed]);

  if (state.kind === 'reading') return <p role="status">Reading your decisions</p>;
  if (state.kind === 'failed') return <p role="status">Your decisions could not be set beside known mistakes.</p>;
  if (state.fitting.length === 0) return <p role="status">No known misconception fits your last run.</p>;
  return (
    <div role="status">
      <p>A run like yours comes from thinking:</p>
      <ul class="b-thoughts">
        {state.fitting.map(({ words }) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </div>
  );
}
