import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edit, EMPTY, keysOf } from '../../../src/components/terminal/line-editor.ts';

const LEFT = '\x1b[D';
const UP = '\x1b[A';
const DOWN = '\x1b[B';
const CTRL = { a: '\x01', e: '\x05', k: '\x0b', u: '\x15', w: '\x17', y: '\x19' };

function typed(data: string, history: readonly string[] = []) {
  return keysOf(data).reduce((editing, key) => edit(editing, key, history), EMPTY);
}

/** The line with a bar where the cursor stands. */
function shown(data: string, history: readonly string[] = []): string {
  const { text, cursor } = typed(data, history);
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

describe('editing', () => {
  test.each([
    ['typing', 'run', 'run|'],
    ['inserting', `rn${LEFT}u`, 'ru|n'],
    ['home and end', `un${CTRL.a}r${CTRL.e}!`, 'run!|'],
    ['backspace', 'runn\x7f', 'run|'],
    ['delete', `xrun${CTRL.a}\x1b[3~`, '|run'],
    ['cut to the start', `run 5s${LEFT}${LEFT}${CTRL.u}`, '|5s'],
    ['cut to the end', `run 5s${LEFT}${LEFT}${CTRL.k}`, 'run |'],
    ['cut a word, put it back twice', `slow s2  ${CTRL.w}${CTRL.y}${CTRL.y}`, 'slow s2  s2  |'],
    ['word by word', `slow s2 5\x1b[1;5D\x1b[1;5D`, 'slow |s2 5'],
    ['the edges hold', `${LEFT}\x7fa${CTRL.e}\x1b[C`, 'a|'],
    ['a character of two code units', `a😀${LEFT}\x7f`, '|😀'],
    ['sequences without a meaning here', 'a\x1b[15~\x1b[200~b\x07\x1b[201~', 'ab|'],
  ])('%s', (_what, data, expected) => {
    expect(shown(data)).toBe(expected);
  });

  test('a paste of several lines is their text with Enter between', () => {
    const kinds = keysOf('run 2s\r\ntop\rstep\n').map((key) => (key.kind === 'text' ? key.text : key.kind));
    expect(kinds).toEqual(['run 2s', 'enter', 'top', 'enter', 'step', 'enter']);
  });
});

describe('history', () => {
  const history = ['top', 'step 5'];

  test('Up goes back, Down returns to what was being typed', () => {
    expect(shown(`ru${UP}`, history)).toBe('step 5|');
    expect(shown(`ru${UP}${UP}${UP}`, history)).toBe('top|');
    expect(shown(`ru${UP}${UP}${DOWN}${DOWN}${DOWN}`, history)).toBe('ru|');
  });

  test('a recalled line can be edited', () => {
    expect(shown(`${UP}0`, history)).toBe('step 50|');
  });
});

test('whatever is typed, the cursor stays in the line and no control character gets into it', () => {
  const keys = [LEFT, UP, DOWN, '\x1b[C', '\x7f', '\x1b', '\x1b[', '\x1bO', '\x03', ...Object.values(CTRL)];
  const data = fc.oneof(fc.constantFrom(...keys), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(fc.array(data), (parts) => {
      const { text, cursor } = typed(parts.join(''), ['top', 'step']);
      expect(cursor).toBeGreaterThanOrEqual(0);
      expect(cursor).toBeLessThanOrEqual(text.length);
      expect(text).not.toMatch(/\p{Cc}/u);
    }),
  );
});
