import { useEffect, useState } from 'preact/hooks';

/** How long a button keeps its name before it says that it is busy: shorter work needs no word. */
const patienceMs = 300;

/**
 * A button that keeps its width and its place in the order of focus while its work goes on. `blocked`: other work goes on, so that
 * pressing does nothing; it stays focusable and says so to a screen reader.
 */
export function BusyButton({
  name,
  busyName,
  busy,
  blocked,
  main,
  shortcut,
  onClick,
}: {
  name: string;
  busyName: string;
  busy: boolean;
  blocked: boolean;
  main?: boolean;
  shortcut: string;
  onClick: () => void;
}) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [busy]);
  const shown = busy && late ? busyName : name;
  return (
    <button
      type="button"
      class={`b-button b-busy-button ${main ? 'b-button--main' : ''}`}
      aria-disabled={busy || blocked}
      aria-keyshortcuts={shortcut}
      onClick={() => !busy && !blocked && onClick()}
    >
      <span>{shown}</span>
      {[name, busyName].map((word) => (
        <span key={word} class="b-busy-width" aria-hidden="true">
          {word}
        </span>
      ))}
    </button>
  );
}
