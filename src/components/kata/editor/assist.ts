import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { forEachDiagnostic, linter, nextDiagnostic, previousDiagnostic, type Diagnostic } from '@codemirror/lint';
import { Prec, type Extension } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap, type Command } from '@codemirror/view';
import type { Completions, Hover, LanguageService } from '../../../bridge/language.ts';

/** TypeScript's words for what a name is, in CodeMirror's smaller set (it marks the row of the completion list). */
const completionType: Record<string, string> = {
  method: 'method',
  function: 'function',
  'local function': 'function',
  property: 'property',
  getter: 'property',
  const: 'constant',
  let: 'variable',
  var: 'variable',
  parameter: 'variable',
  interface: 'interface',
  type: 'type',
  class: 'class',
  keyword: 'keyword',
};

/**
 * Completion, types on hover and errors as one types, all answered by the TypeScript worker. The worker may be slow to start or
 * fail: then there is no help for a while, and typing is not touched.
 */
export function assist(
  language: LanguageService,
  onDiagnostics: (diagnostics: readonly Diagnostic[]) => void,
  onLost: () => void,
): Extension {
  const answer = <T>(asked: Promise<T>): Promise<T | undefined> =>
    asked.catch(() => {
      onLost();
      return undefined;
    });
  return [
    linter(
      async (view) => {
        const source = view.state.doc.toString();
        const diagnostics = await answer(language.diagnostics(source));
        if (!diagnostics) return [];
        if (view.state.doc.toString() === source) onDiagnostics(diagnostics);
        return diagnostics.map((one) => ({ ...one, to: Math.min(one.to, source.length) }));
      },
      { delay: 400 },
    ),
    autocompletion({
      override: [(context) => complete(context, (source, position) => answer(language.complete(source, position)))],
      icons: false,
    }),
    hoverTooltip((view, position) => hover(view, position, (source, at) => answer(language.hover(source, at)))),
    closeBrackets(),
    Prec.high(
      keymap.of([
        { key: 'F8', run: (view) => nextDiagnostic(view) && announceDiagnostic(view) },
        { key: 'Shift-F8', run: (view) => previousDiagnostic(view) && announceDiagnostic(view) },
      ]),
    ),
    keymap.of([...closeBracketsKeymap, ...completionKeymap]),
  ];
}

async function complete(
  context: CompletionContext,
  ask: (source: string, position: number) => Promise<Completions | undefined>,
): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w$]*$/);
  const afterDot = context.matchBefore(/\.[\w$]*$/);
  if (!context.explicit && !afterDot && (!word || word.from === word.to)) return null;
  const found = await ask(context.state.doc.toString(), context.pos);
  if (!found || context.aborted) return null;
  return {
    from: found.from,
    options: found.options.map(({ label, kind, detail }) => ({
      label,
      type: completionType[kind] ?? 'text',
      detail,
    })),
    validFor: /^[\w$]*$/,
  };
}

async function hover(
  view: EditorView,
  position: number,
  ask: (source: string, position: number) => Promise<Hover | undefined>,
) {
  const found = await ask(view.state.doc.toString(), position);
  if (!found) return null;
  return {
    pos: found.from,
    end: found.to,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'b-hover';
      const signature = document.createElement('code');
      signature.textContent = found.type;
      dom.append(signature);
      if (found.documentation !== '') {
        const documentation = document.createElement('p');
        documentation.textContent = found.documentation;
        dom.append(documentation);
      }
      return { dom };
    },
  };
}

/** Says the error under the cursor to a screen reader: the tooltip alone is silent. */
const announceDiagnostic: Command = (view) => {
  const at = view.state.selection.main;
  let message: string | undefined;
  forEachDiagnostic(view.state, (diagnostic, from, to) => {
    if (from <= at.from && at.to <= to) message ??= diagnostic.message;
  });
  const line = view.state.doc.lineAt(at.from).number;
  if (message !== undefined) view.dispatch({ effects: EditorView.announce.of(`Line ${line}: ${message}`) });
  return true;
};
