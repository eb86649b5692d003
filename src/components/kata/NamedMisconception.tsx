import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { KataInfo } from './kata-info.ts';
import { closestOf, type Misconception, type Progress } from './misconceptions.ts';
import { runMistake } from './mistakes.ts';
import type { Judged } from './session.ts';

type State =
  | { kind: 'reading'; progress?: Progress }
  | { kind: 'read'; fitting: readonly Misconception[] }
  | { kind: 'stopped' }
  | { kind: 'failed' };

/** A screen reader hears how far it is so often at most. */
const tellMs = 4000;

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
  const leaving = useRef<AbortController>();
  const box = useRef<HTMLDivElement>(null);

  function start() {
    const abortion = new AbortController();
    const { signal } = abortion;
    leaving.current = abortion;
    const tell = (next: State) => signal.aborted || setState(next);
    tell({ kind: 'reading' });
    closestOf(
      kata.misconceptions,
      failed.verdict,
      (known, worlds) => runMistake(kata.slug, known, failed, worlds, signal),
      (progress) => tell({ kind: 'reading', progress }),
    ).then(
      (fitting) => tell({ kind: 'read', fitting }),
      () => tell({ kind: 'failed' }),
    );
  }

  function stop() {
    leaving.current?.abort();
    setState({ kind: 'stopped' });
  }

  useEffect(() => {
    start();
    return () => leaving.current?.abort();
  }, [kata, failed]);

  // The button that was pressed is gone: the focus goes to what took its place, unless it is somewhere else by now.
  const { kind } = state;
  useEffect(() => {
    if (document.activeElement !== document.body) return;
    (box.current?.querySelector('button') ?? box.current)?.focus({ preventScroll: true });
  }, [kind]);

  const words = state.kind === 'reading' ? progressWords(state.progress) : '';
  const told = useSeldom(words);
  return (
    <div ref={box} tabIndex={-1}>
      {state.kind === 'reading' && (
        <p>
          <span class="b-number">{words}</span>{' '}
          <button type="button" class="b-link-button" onClick={stop}>
            Stop
          </button>
        </p>
      )}
      {state.kind === 'stopped' && (
        <p>
          Stopped.{' '}
          <button type="button" class="b-link-button" onClick={start}>
            Compare again
          </button>
        </p>
      )}
      <div role="status">
        {state.kind === 'reading' && <span class="b-visually-hidden">{told}</span>}
        {state.kind === 'failed' && <p>Your decisions could not be set beside known mistakes.</p>}
        {state.kind === 'read' && state.fitting.length === 0 && <p>No known misconception fits your last run.</p>}
        {state.kind === 'read' && state.fitting.length > 0 && (
          <>
            <p>A run like yours comes from thinking:</p>
            <ul class="b-thoughts">
              {state.fitting.map(({ words }) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}

function progressWords(progress: Progress | undefined): string {
  if (!progress) return 'Reading your decisions';
  const { done, of } = progress;
  return progress.in === 'few'
    ? `Comparing with ${done + 1} of ${of} known mistakes`
    : `Comparing in every scenario with ${done + 1} of the ${of} most alike`;
}

/** The same words, renewed seldom: the first at once, the last of those that came in between later. */
function useSeldom(words: string): string {
  const [told, setTold] = useState(words);
  const latest = useRef(words);
  latest.current = words;
  useEffect(() => {
    const timer = setInterval(() => setTold(latest.current), tellMs);
    return () => clearInterval(timer);
  }, []);
  return told;
}
