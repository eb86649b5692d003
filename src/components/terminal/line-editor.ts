import { recallFrom, type Recalled } from './history.ts';

/** The line a person is typing, as a function of keys. Nothing here knows a screen. */

export interface Editing extends Recalled {
  readonly text: string;
  /** Where the next character goes, 0 … text.length. */
  readonly cursor: number;
  /** What Ctrl-U, Ctrl-K and Ctrl-W took out last; Ctrl-Y puts it back. */
  readonly cut: string;
}

export const EMPTY: Editing = { text: '', cursor: 0, cut: '', back: 0, draft: '' };

export type Key =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind:
        | 'enter'
        | 'tab'
        | 'interrupt'
        | 'clear-screen'
        | 'left'
        | 'right'
        | 'word-left'
        | 'word-right'
        | 'home'
        | 'end'
        | 'up'
        | 'down'
        | 'backspace'
        | 'delete'
        | 'cut-before'
        | 'cut-after'
        | 'cut-word'
        | 'put-back';
    };

/** What a terminal sends for each key (ECMA-48 and xterm's control sequences). */
const SEQUENCES: Readonly<Record<string, Exclude<Key['kind'], 'text'>>> = {
  '\r\n': 'enter',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x03': 'interrupt',
  '\x0c': 'clear-screen',
  '\x1b[D': 'left',
  '\x1bOD': 'left',
  '\x02': 'left',
  '\x1b[C': 'right',
  '\x1bOC': 'right',
  '\x06': 'right',
  '\x1b[1;5D': 'word-left',
  '\x1b[1;3D': 'word-left',
  '\x1bb': 'word-left',
  '\x1b[1;5C': 'word-right',
  '\x1b[1;3C': 'word-right',
  '\x1bf': 'word-right',
  '\x1b[H': 'home',
  '\x1bOH': 'home',
  '\x1b[1~': 'home',
  '\x01': 'home',
  '\x1b[F': 'end',
  '\x1bOF': 'end',
  '\x1b[4~': 'end',
  '\x05': 'end',
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x10': 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x0e': 'down',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x1b[3~': 'delete',
  '\x04': 'delete',
  '\x15': 'cut-before',
  '\x0b': 'cut-after',
  '\x17': 'cut-word',
  '\x1b\x7f': 'cut-word',
  '\x19': 'put-back',
};

/* eslint-disable no-control-regex -- a keyboard speaks in control characters */

/** A whole escape sequence: CSI, SS3, or escape and one character. */
const ESCAPE = /^\x1b(?:\[[\x20-\x3f]*[\x40-\x7e]|O.|[^[O])?/s;

/** Cuts what came from the keyboard or the clipboard into keys. Sequences that mean nothing here are dropped. */
export function keysOf(data: string): readonly Key[] {
  const keys: Key[] = [];
  let at = 0;
  while (at < data.length) {
    const rest = data.slice(at);
    const sequence = rest.startsWith('\r\n') ? '\r\n' : (ESCAPE.exec(rest)?.[0] ?? control(rest));
    if (sequence !== undefined) {
      const kind = SEQUENCES[sequence];
      if (kind !== undefined) keys.push({ kind });
      at += sequence.length;
      continue;
    }
    const text = /^[^\x00-\x1f\x7f-\x9f]+/.exec(rest)![0];
    keys.push({ kind: 'text', text });
    at += text.length;
  }
  return keys;
}

function control(rest: string): string | undefined {
  return /^[\x00-\x1f\x7f-\x9f]/.exec(rest)?.[0];
}

/* eslint-enable no-control-regex */

/** The line after a key. `history` is oldest first. Enter, Tab and the like are the shell's and change nothing here. */
export function edit(editing: Editing, key: Key, history: readonly string[]): Editing {
  const { text, cursor } = editing;
  const before = text.slice(0, cursor);
  const after = text.slice(cursor);
  switch (key.kind) {
    case 'text':
      return { ...editing, text: before + key.text + after, cursor: cursor + key.text.length };
    case 'left':
      return { ...editing, cursor: cursor - lengthOfLast(before) };
    case 'right':
      return { ...editing, cursor: cursor + lengthOfFirst(after) };
    case 'word-left':
      return { ...editing, cursor: wordStart(before) };
    case 'word-right':
      return { ...editing, cursor: cursor + /^\s*\S*/.exec(after)![0].length };
    case 'home':
      return { ...editing, cursor: 0 };
    case 'end':
      return { ...editing, cursor: text.length };
    case 'backspace': {
      const kept = before.slice(0, before.length - lengthOfLast(before));
      return { ...editing, text: kept + after, cursor: kept.length };
    }
    case 'delete':
      return { ...editing, text: before + after.slice(lengthOfFirst(after)) };
    case 'cut-before':
      return { ...editing, text: after, cursor: 0, cut: before };
    case 'cut-after':
      return { ...editing, text: before, cut: after };
    case 'cut-word': {
      const start = wordStart(before);
      return { ...editing, text: before.slice(0, start) + after, cursor: start, cut: before.slice(start) };
    }
    case 'put-back':
      return { ...editing, text: before + editing.cut + after, cursor: cursor + editing.cut.length };
    case 'up':
      return recall(editing, history, 1);
    case 'down':
      return recall(editing, history, -1);
    case 'enter':
    case 'tab':
    case 'interrupt':
    case 'clear-screen':
      return editing;
  }
}

function recall(editing: Editing, history: readonly string[], step: 1 | -1): Editing {
  const recalled = recallFrom(history, editing, editing.text, step);
  return { ...editing, ...recalled, cursor: recalled.text.length };
}

function wordStart(before: string): number {
  return before.length - /\S*\s*$/.exec(before)![0].length;
}

/** Characters beyond the basic plane take two code units; the cursor never stands between them. */
function lengthOfLast(text: string): number {
  return Array.from(text).at(-1)?.length ?? 0;
}

function lengthOfFirst(text: string): number {
  return Array.from(text.slice(0, 2))[0]?.length ?? 0;
}
