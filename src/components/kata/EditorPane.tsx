import { memo } from 'preact/compat';
import type { RefObject } from 'preact';
import { fileName, type KataInfo } from './kata-info.ts';
import type { Problem } from './editor/create.ts';

export type LanguageState = 'starting' | 'ready' | 'failed';

/** What the rows above and below the editor say. */
export interface EditorState {
  readonly language: LanguageState;
  readonly problems: readonly Problem[];
  readonly tabLeaves: boolean;
  readonly line: number;
  readonly column: number;
}

/** A comparison in place of the editor: two sources and what they are. */
export interface Comparison {
  readonly title: string;
  readonly before: string;
  readonly after: string;
}

export function EditorPane({
  kata,
  host,
  comparisonHost,
  state,
  comparison,
  leaveComparison,
  facts,
}: {
  kata: KataInfo;
  host: RefObject<HTMLDivElement>;
  comparisonHost: RefObject<HTMLDivElement>;
  state: EditorState;
  comparison: Comparison | undefined;
  leaveComparison: () => void;
  /** What the row under the editor tells besides the place of the cursor. */
  facts: readonly string[];
}) {
  return (
    <>
      <div class="b-editor-head">
        <span class="b-mono b-file">{fileName(kata.policy)}</span>
        {comparison ? (
          <>
            <span class="b-editor-words">{comparison.title}</span>
            <button type="button" class="b-link-button" onClick={leaveComparison}>
              Back to the editor
            </button>
          </>
        ) : (
          <>
            <span class="b-editor-words" role="status">
              {problemText(state)}
            </span>
            <span class="b-editor-hint" id="editor-hint">
              {state.tabLeaves ? 'Tab now leaves the editor' : 'Escape then Tab leaves the editor'}
            </span>
          </>
        )}
      </div>
      <div class="b-editor-body">
        <div hidden={comparison !== undefined} class="b-editor">
          <Starter host={host} source={kata.starter} />
        </div>
        <div hidden={comparison === undefined} class="b-editor b-comparison" ref={comparisonHost} />
      </div>
      <p class="b-editor-foot b-number">
        <span>
          Ln {state.line}, Col {state.column}
        </span>
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </p>
    </>
  );
}

/** The starter as text, until CodeMirror takes its place: after the first drawing nobody else may touch what is inside. */
const Starter = memo(
  ({ host, source }: { host: RefObject<HTMLDivElement>; source: string }) => (
    <div ref={host} class="b-editor-host">
      <pre tabIndex={0} aria-label="Starter code">
        <code>{source}</code>
      </pre>
    </div>
  ),
  () => true,
);

function problemText({ language, problems }: EditorState): string {
  if (language === 'starting') return 'TypeScript is loading';
  if (language === 'failed') return 'No help while typing: TypeScript did not load. A run tries again';
  if (problems.length === 0) return 'TypeScript, no errors';
  const [{ line }] = problems as [Problem];
  return problems.length === 1
    ? `TypeScript, 1 error, line ${line}`
    : `TypeScript, ${problems.length} errors, first on line ${line}`;
}
