import { useEffect, useRef, useState } from 'preact/hooks';
import type { EditorHandle } from './editor/create.ts';
import type { Comparison, EditorState } from './EditorPane.tsx';
import type { KataInfo } from './kata-info.ts';
import type { Session, Suite } from './session.ts';

/** Something just done that can be taken back. */
export interface Notice {
  readonly words: string;
  readonly undo?: { readonly name: string; readonly run: () => void };
}

/** The editor: fetched after the page has been drawn, filled with what was kept, and wired to the session. */
export function useEditor(
  kata: KataInfo,
  session: Session,
  page: { run: (suite: Suite) => Promise<void>; showNotice: (notice: Notice) => void },
) {
  const host = useRef<HTMLDivElement>(null);
  const comparisonHost = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<EditorHandle>();
  const [safe, setSafe] = useState(false);
  const [state, setState] = useState<EditorState>({
    language: 'starting',
    problems: [],
    tabLeaves: false,
    line: 1,
    column: 1,
  });
  const runNow = useRef(page.run);
  runNow.current = page.run;

  useEffect(() => {
    const change = (part: Partial<EditorState>) => setState((before) => ({ ...before, ...part }));
    let handle: EditorHandle | undefined;
    let left = false;
    void start().catch((error: unknown) => {
      page.showNotice({
        words: `The editor could not be loaded: ${error instanceof Error ? error.message : String(error)}. Reload the page to try again.`,
      });
    });

    async function start() {
      const asked = new URLSearchParams(location.search).has('safe');
      setSafe(asked);
      await session.open({ safe: asked });
      const { createEditor } = await import('./editor/create.ts');
      if (left || !host.current) return;
      handle = createEditor(host.current, session.source.value, `${kata.title}, your code`, {
        onChange: (source) => session.edit(source),
        onCursor: (line, column) => change({ line, column }),
        onProblems: (problems) => change({ language: 'ready', problems }),
        onLanguageLost: () => change({ language: 'failed' }),
        onTabLeaves: (tabLeaves) => change({ tabLeaves }),
        onRun: () => void runNow.current('visible'),
        onSubmit: () => void runNow.current('both'),
      });
      setEditor(handle);
      const [{ languageService }, { prepare }] = await Promise.all([
        import('../../bridge/language.ts'),
        import('../../bridge/kata.ts'),
      ]);
      handle.connect(languageService(kata.policy));
      // Only to be quick later: a run that finds the same trouble says so itself.
      await prepare(kata.slug).catch(() => undefined);
    }

    const flush = () => void session.flush();
    addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      left = true;
      removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', flush);
      flush();
      session.abort();
      handle?.destroy();
    };
  }, [kata, session]);

  return { host, comparisonHost, editor, safe, state };
}

/** Shows a comparison in `host` for as long as there is one. */
export function useComparison(host: { current: HTMLDivElement | null }, comparison: Comparison | undefined) {
  useEffect(() => {
    if (!comparison || !host.current) return;
    const parent = host.current;
    let remove: (() => void) | undefined;
    let left = false;
    void import('./editor/compare.ts').then(({ createComparison }) => {
      if (!left) remove = createComparison(parent, comparison.before, comparison.after, comparison.title);
    });
    return () => {
      left = true;
      remove?.();
    };
  }, [comparison]);
}
