import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { RangeSetBuilder, type Extension } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/**
 * How code looks: no hue, since hue means state. Keywords are bold, comments italic and grey, everything else is plain ink.
 * The classes are shared with the short excerpt that a phone shows beside a failure (excerpt.ts).
 */
export const codeStyle = HighlightStyle.define([
  { tag: tags.keyword, class: 'b-code-keyword' },
  { tag: tags.comment, class: 'b-code-comment' },
]);

const theme = EditorView.theme({
  '&': { color: 'var(--b-ink)', backgroundColor: 'var(--b-plate)' },
  '&.cm-focused': { outline: '2px solid var(--b-ink)', outlineOffset: '-2px' },
  '.cm-scroller': { font: 'var(--b-type-code)' },
  '.cm-content': { padding: '12px 0', caretColor: 'var(--b-ink)' },
  '.cm-line': { padding: '0 16px 0 12px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--b-ink3)', border: '0' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '44px', padding: '1px 4px 0 12px', fontSize: '13px' },
  '.cm-cursor': { borderLeft: '2px solid var(--b-ink)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'color-mix(in srgb, var(--b-ink) 18%, transparent) !important',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--b-ink) 4%, transparent)' },
  '&.cm-focused .cm-matchingBracket, .cm-selectionMatch': {
    backgroundColor: 'transparent',
    boxShadow: 'inset 0 0 0 1px var(--b-edge)',
  },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--b-broken) 1.5px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning, .cm-lintRange-info, .cm-lintRange-hint': {
    backgroundImage: 'none',
    textDecoration: 'underline dotted var(--b-ink3) 1.5px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintPoint:after': { borderBottomColor: 'var(--b-broken)' },
  '.cm-tooltip': {
    maxWidth: 'min(520px, 90vw)',
    color: 'var(--b-ink)',
    backgroundColor: 'var(--b-plate)',
    border: '1px solid var(--b-edge)',
    borderRadius: '4px',
    fontSize: '14px',
    lineHeight: '20px',
  },
  '.cm-tooltip .cm-tooltip-section:not(:first-child)': { borderTop: '1px solid var(--b-rule)' },
  '.cm-diagnostic': { padding: '8px 12px', whiteSpace: 'pre-wrap' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--b-broken)' },
  '.cm-diagnostic-warning, .cm-diagnostic-info, .cm-diagnostic-hint': { borderLeft: '4px solid var(--b-edge)' },
  '.cm-tooltip-autocomplete.cm-tooltip > ul': { fontFamily: 'var(--b-mono)', maxHeight: '260px' },
  '.cm-tooltip-autocomplete.cm-tooltip > ul > li': { padding: '3px 10px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--b-ink)', color: 'var(--b-on-ink)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '660' },
  '.cm-completionDetail': { marginLeft: '12px', fontStyle: 'normal', opacity: '0.8' },
  '.cm-tooltip.cm-completionInfo': { padding: '8px 12px' },
  '.cm-panels': { color: 'var(--b-ink)', backgroundColor: 'var(--b-paper)', border: '0' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--b-rule)' },
  '.cm-panel.cm-search': { fontSize: '15px', padding: '8px 12px' },
  '.cm-textfield, .cm-button': {
    color: 'var(--b-ink)',
    background: 'var(--b-plate)',
    border: '1px solid var(--b-edge)',
    borderRadius: '4px',
    fontSize: '15px',
    padding: '4px 8px',
  },
  '.cm-searchMatch': { backgroundColor: 'transparent', outline: '1px solid var(--b-edge)' },
  '.cm-searchMatch-selected': { outline: '2px solid var(--b-ink)', backgroundColor: 'transparent' },
});

/** Wraps long lines under their own indent, and two characters further, so that the shape of the code survives a phone. */
const hangingIndent = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = indents(view);
    }
    update(update: ViewUpdate) {
      if (update.docChanged || update.viewportChanged) this.decorations = indents(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function indents(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at);
      const columns = line.text.length - line.text.trimStart().length + 2;
      const style = `padding-left: calc(12px + ${columns}ch); text-indent: -${columns}ch`;
      builder.add(line.from, line.from, Decoration.line({ attributes: { style } }));
      at = line.to + 1;
    }
  }
  return builder.finish();
}

/** CodeMirror measures lines once; a cut of the font that arrives later (italics come with the first comment) changes their height. */
const remeasure = ViewPlugin.define((view) => {
  const measure = () => view.requestMeasure();
  document.fonts.addEventListener('loadingdone', measure);
  return { destroy: () => document.fonts.removeEventListener('loadingdone', measure) };
});

export const look: Extension = [
  remeasure,
  theme,
  syntaxHighlighting(codeStyle),
  EditorView.lineWrapping,
  hangingIndent,
];
