import { useEffect, useRef, useState } from 'preact/hooks';
import { Segments } from '../lesson/Segments.tsx';
import { PlainTerminal } from './PlainTerminal.tsx';
import type { Shell } from './shell.ts';
import type { Transcript } from './transcript.ts';
import './terminal.css';

/** How the terminal is shown. `spoken`: the emulator with its support for screen readers. */
type View = 'terminal' | 'spoken' | 'plain';

const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'terminal', label: 'Terminal' },
  { value: 'spoken', label: 'Screen reader' },
  { value: 'plain', label: 'Plain text' },
];
const KEY = 'ballast-terminal-view';

interface Props {
  readonly shell: Shell;
  readonly transcript: Transcript;
}

export function Terminal({ shell, transcript }: Props) {
  /** Undefined until the browser has said what was chosen last time. */
  const [view, setView] = useState<View>();
  const [broken, setBroken] = useState('');
  useEffect(() => setView(storedView()), []);
  const choose = (next: View): void => {
    setView(next);
    setBroken('');
    storeView(next);
  };
  return (
    <section class="b-plate b-terminal" aria-labelledby="terminal-title">
      <div class="b-terminal-head">
        <h2 id="terminal-title">Terminal</h2>
        {view !== undefined && (
          <Segments legend="Show the terminal as" name="terminal-view" options={VIEWS} value={view} onChoose={choose} />
        )}
      </div>
      {broken !== '' && (
        <p class="b-notice b-notice--broken" role="alert">
          <b>The terminal could not start.</b> {broken} Below is the same shell as plain text.
        </p>
      )}
      {view === undefined && <p class="b-terminal-hint b-terminal-loading">{HINTS.loading}</p>}
      <noscript>
        <p class="b-terminal-hint">
          The terminal, and whatever moves in the lab, needs JavaScript. The lessons read without.
        </p>
      </noscript>
      {view !== undefined && view !== 'plain' && broken === '' && (
        <Emulator key={view} shell={shell} transcript={transcript} spoken={view === 'spoken'} onBroken={setBroken} />
      )}
      {(view === 'plain' || broken !== '') && <PlainTerminal shell={shell} transcript={transcript} />}
    </section>
  );
}

interface EmulatorProps extends Props {
  readonly spoken: boolean;
  readonly onBroken: (reason: string) => void;
}

function Emulator({ shell, transcript, spoken, onBroken }: EmulatorProps) {
  const element = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'loading' | 'ready' | 'leaving'>('loading');
  useEffect(() => {
    const gone = new AbortController();
    const open = async (): Promise<void> => {
      const { openXterm } = await import('./xterm-view.ts');
      const onLeaving = (leaving: boolean): void => setState(leaving ? 'leaving' : 'ready');
      await openXterm(element.current!, shell, transcript, { screenReader: spoken, onLeaving, signal: gone.signal });
      setState('ready');
    };
    open().catch((error: unknown) => {
      if (!gone.signal.aborted) onBroken(error instanceof Error ? error.message : String(error));
    });
    return () => gone.abort();
  }, []);
  return (
    <>
      <div class="b-emulator" ref={element} data-state={state} />
      <p class="b-terminal-hint" role="status">
        {HINTS[state]}
      </p>
    </>
  );
}

const HINTS = {
  loading: 'Loading the terminal',
  ready: 'Tab completes. Escape then Tab leaves the terminal.',
  leaving: 'Tab now leaves the terminal.',
} as const;

/** On a phone's keyboard a text field works better than an emulator. */
function storedView(): View {
  const stored = readStorage(KEY);
  const known = VIEWS.find(({ value }) => value === stored);
  return known?.value ?? (matchMedia('(pointer: coarse)').matches ? 'plain' : 'terminal');
}

function readStorage(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function storeView(view: View): void {
  try {
    localStorage.setItem(KEY, view);
  } catch {
    // The browser keeps nothing: the choice lasts as long as the page.
  }
}
