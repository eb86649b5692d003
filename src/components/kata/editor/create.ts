import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, Prec, type Extension } from '@codemirror/state';
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { LanguageService } from '../../../bridge/language.ts';
import { assist } from './assist.ts';
import { look } from './look.ts';
import { remarks, showRemark, type Remark } from './remark.ts';

/** What the page does with an editor. */
export interface EditorHandle {
  source(): string;
  /** Puts other code in as one change, so that one undo brings the old code back. */
  replace(source: string): void;
  remark(remark: Remark | undefined): void;
  /** Moves the cursor there and takes the focus. Both count from 1. */
  goTo(line: number, column?: number): void;
  focus(): void;
  /** Completion, hover and errors start to work. */
  connect(language: LanguageService): void;
  destroy(): void;
}

export interface Problem {
  readonly line: number;
  readonly message: string;
}

export interface EditorEvents {
  onChange(source: string): void;
  /** Both count from 1. */
  onCursor(line: number, column: number): void;
  /** The errors of the code as it is now. */
  onProblems(problems: readonly Problem[]): void;
  /** Completion, hover and errors stopped working. */
  onLanguageLost(): void;
  /** Whether the next Tab leaves the editor. */
  onTabLeaves(leaves: boolean): void;
  onRun(): void;
  onSubmit(): void;
}

/** The editor, in place of whatever `parent` held (the starter as plain text). */
export function createEditor(parent: HTMLElement, source: string, label: string, events: EditorEvents): EditorHandle {
  const languageSlot = new Compartment();
  const view = new EditorView({
    state: EditorState.create({ doc: source, extensions: [extensions(label, events), languageSlot.of([])] }),
  });
  parent.replaceChildren(view.dom);

  return {
    source: () => view.state.doc.toString(),
    replace(next) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, userEvent: 'input.replace' });
    },
    remark: (remark) => showRemark(view, remark),
    goTo(line, column = 1) {
      const target = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      const anchor = Math.min(target.from + column - 1, target.to);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    focus: () => view.focus(),
    connect(language) {
      const report = (diagnostics: readonly { from: number; severity: string; message: string }[]) =>
        events.onProblems(
          diagnostics
            .filter(({ severity }) => severity === 'error')
            .map(({ from, message }) => ({ line: view.state.doc.lineAt(from).number, message })),
        );
      view.dispatch({ effects: languageSlot.reconfigure(assist(language, report, () => events.onLanguageLost())) });
    },
    destroy: () => view.destroy(),
  };
}

function extensions(label: string, events: EditorEvents): Extension {
  return [
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    javascript({ typescript: true }),
    look,
    remarks,
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-describedby': 'editor-hint',
      // It is a stop of the keyboard as it is; said so for those who look for one in what scrolls.
      tabindex: '0',
      spellcheck: 'false',
      autocorrect: 'off',
      autocapitalize: 'off',
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) events.onChange(update.state.doc.toString());
      if (update.docChanged || update.selectionSet) {
        const head = update.state.selection.main.head;
        const line = update.state.doc.lineAt(head);
        events.onCursor(line.number, head - line.from + 1);
      }
    }),
    escapeThenTab((leaves) => events.onTabLeaves(leaves)),
    Prec.highest(
      keymap.of([
        { key: 'Mod-Shift-Enter', run: () => (events.onSubmit(), true) },
        { key: 'Mod-Enter', run: () => (events.onRun(), true) },
      ]),
    ),
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
  ];
}

/**
 * Tab indents, as programmers expect; Escape gives it back to the browser until something is typed or the editor is entered anew.
 * CodeMirror by itself allows two seconds for the second key, which is too short for some hands.
 */
function escapeThenTab(onTabLeaves: (leaves: boolean) => void): Extension {
  const set = (view: EditorView, leaves: boolean) => {
    view.setTabFocusMode(leaves);
    onTabLeaves(leaves);
  };
  return [
    EditorView.domEventHandlers({
      focus: (_, view) => set(view, false),
      keydown: (event, view) => {
        if (event.key === 'Escape') setTimeout(() => set(view, true));
      },
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) set(update.view, false);
    }),
  ];
}
