import { javascript } from '@codemirror/lang-javascript';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { look } from './look.ts';

/**
 * What changed from `before` to `after`, read-only, in one column: lines gone carry a minus, lines that came a plus.
 * Returns the function that takes it away.
 */
export function createComparison(parent: HTMLElement, before: string, after: string, label: string): () => void {
  const view = new EditorView({
    state: EditorState.create({
      doc: after,
      extensions: [
        lineNumbers(),
        javascript({ typescript: true }),
        look,
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        unifiedMergeView({
          original: before,
          mergeControls: false,
          gutter: true,
          highlightChanges: false,
          syntaxHighlightDeletions: true,
          collapseUnchanged: { margin: 3, minSize: 6 },
        }),
      ],
    }),
  });
  parent.replaceChildren(view.dom);
  return () => view.destroy();
}
