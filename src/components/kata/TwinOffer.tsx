import { useEffect, useRef } from 'preact/hooks';
import type { ScenarioVerdict } from '../../../engine/index.ts';
import type { Shrinking } from './shrinking.ts';

/** There is a smaller world to look for: the code came to an answer, or threw in the run and not before it, and may be looked at. */
export function canShrink({ failure, tape }: ScenarioVerdict): boolean {
  if (tape === undefined || failure?.when === undefined) return false;
  return failure.kind === 'wrong-answer' || failure.kind === 'threw';
}

/** From a failure to the smallest world that fails in the same way: the offer, the search, and which of the two is shown. */
export function TwinOffer({
  shrinking,
  whole,
  start,
  stop,
  showWhole,
}: {
  /** Of this failure. */
  shrinking: Shrinking | undefined;
  /** The failure is shown as it was, although its twin is known. */
  whole: boolean;
  start: () => void;
  stop: () => void;
  showWhole: (whole: boolean) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const kind = shrinking?.kind;
  const asked = useRef(kind);
  // The button that was pressed is gone: the focus goes to what took its place, unless it is somewhere else by now.
  useEffect(() => {
    const before = asked.current;
    asked.current = kind;
    if (before === kind || document.activeElement !== document.body) return;
    const next = kind === 'found' ? box.current?.parentElement : box.current;
    next?.querySelector('button')?.focus();
  }, [kind]);
  return (
    <div class="b-twin" ref={box}>
      {shrinking === undefined && (
        <button type="button" class="b-button" onClick={start}>
          Shrink to the smallest world that fails
        </button>
      )}
      {shrinking?.kind === 'searching' && (
        <p>
          <span class="b-number">
            Shrinking to the smallest failing world{shrinking.tried > 0 && `, ${shrinking.tried} worlds tried`}
          </span>{' '}
          <button type="button" class="b-link-button" onClick={stop}>
            Stop
          </button>
        </p>
      )}
      {shrinking?.kind === 'none' && (
        <p>
          {shrinking.why}{' '}
          <button type="button" class="b-link-button" onClick={start}>
            Try again
          </button>
        </p>
      )}
      {shrinking?.kind === 'found' && (
        <button type="button" class="b-link-button" onClick={() => showWhole(!whole)}>
          {whole ? 'Show the smallest world' : 'Show the whole run'}
        </button>
      )}
    </div>
  );
}
