import {
  RangeSet,
  StateEffect,
  StateField,
  type EditorState,
  type Extension,
  type Transaction,
} from '@codemirror/state';
import { Decoration, EditorView, GutterMarker, WidgetType, gutterLineClass } from '@codemirror/view';

/** What is said about one line of the learner's code. */
export interface Remark {
  /** From 1. */
  readonly line: number;
  /** Shown under the line. */
  readonly words?: string | undefined;
  /** The same in few words, for the row under the editor: "chose s2 at 233 ms". */
  readonly fact?: string | undefined;
  /** `broken`: this line failed or chose at a cost. `plain`: the replay is here and nothing is wrong. */
  readonly tone: 'broken' | 'plain';
}

const setRemark = StateEffect.define<Remark | undefined>();

/** The same mark as in Marks.tsx; the editor draws without Preact. */
const cross =
  '<svg class="b-cross" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d="M2.5 2.5 11.5 11.5M11.5 2.5 2.5 11.5"/></svg>';

class Words extends WidgetType {
  readonly remark: Remark;
  constructor(remark: Remark) {
    super();
    this.remark = remark;
  }
  override eq(other: Words) {
    return other.remark.words === this.remark.words && other.remark.tone === this.remark.tone;
  }
  override toDOM() {
    const element = document.createElement('div');
    element.className = `b-remark b-remark-${this.remark.tone}`;
    if (this.remark.tone === 'broken') element.innerHTML = cross;
    const words = document.createElement('span');
    (this.remark.words ?? '').split('`').forEach((part, index) => {
      const piece = document.createElement(index % 2 === 1 ? 'code' : 'span');
      piece.textContent = part;
      words.append(piece);
    });
    element.append(words);
    return element;
  }
  override ignoreEvent() {
    return false;
  }
}

class LineClass extends GutterMarker {
  override readonly elementClass: string;
  constructor(elementClass: string) {
    super();
    this.elementClass = elementClass;
  }
}

interface Shown {
  readonly remark: Remark;
  /** The line, kept up to date while text is typed elsewhere. */
  readonly from: number;
  readonly to: number;
}

const shown = StateField.define<Shown | undefined>({
  create: () => undefined,
  update: moved,
  provide: (field) => [
    EditorView.decorations.from(field, (value) => (value ? decorations(value) : Decoration.none)),
    gutterLineClass.from(field, (value): RangeSet<GutterMarker> =>
      value
        ? RangeSet.of(new LineClass(`b-remark-gutter-${value.remark.tone}`).range(value.from))
        : RangeSet.of<GutterMarker>([]),
    ),
  ],
});

/** A new remark replaces the old one; a remark whose line is edited is gone, for it spoke of the code as it was. */
function moved(value: Shown | undefined, transaction: Transaction): Shown | undefined {
  for (const effect of transaction.effects) {
    if (effect.is(setRemark)) return effect.value && place(effect.value, transaction.state);
  }
  if (!value || !transaction.docChanged) return value;
  const { changes } = transaction;
  if (changes.touchesRange(value.from, value.to)) return undefined;
  return { ...value, from: changes.mapPos(value.from, 1), to: changes.mapPos(value.to, -1) };
}

function place(remark: Remark, state: EditorState): Shown | undefined {
  if (remark.line < 1 || remark.line > state.doc.lines) return undefined;
  const { from, to } = state.doc.line(remark.line);
  return { remark, from, to };
}

function decorations({ remark, from, to }: Shown) {
  const line = Decoration.line({ class: `b-remark-line b-remark-line-${remark.tone}` }).range(from);
  if (remark.words === undefined) return Decoration.set([line]);
  return Decoration.set([line, Decoration.widget({ widget: new Words(remark), block: true, side: 1 }).range(to)]);
}

export const remarks: Extension = shown;

/** Shows `remark` (or nothing) and brings its line into view. */
export function showRemark(view: EditorView, remark: Remark | undefined): void {
  const effects: StateEffect<unknown>[] = [setRemark.of(remark)];
  if (remark && remark.line >= 1 && remark.line <= view.state.doc.lines) {
    effects.push(EditorView.scrollIntoView(view.state.doc.line(remark.line).from, { y: 'nearest', yMargin: 90 }));
  }
  view.dispatch({ effects });
}
