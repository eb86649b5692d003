import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toAnsi } from '../../../src/components/terminal/ansi.ts';
import { line, quiet, strong, type Table } from '../../../src/components/terminal/text.ts';

const TABLE: Table = {
  kind: 'table',
  caption: 'Backends',
  columns: [{ head: 'backend' }, { head: 'is' }, { head: 'n', number: true }],
  rows: [
    [strong('s1'), { text: 'crashed', tone: 'broken' }, { text: '1,200' }],
    [strong('s10'), { text: 'healthy', tone: 'well' }, { text: '7' }],
  ],
};

/** Without the colours. */
function shape(ansi: string): string[] {
  // eslint-disable-next-line no-control-regex -- the escape character is what this is about
  return ansi.replaceAll(/\x1b\[[\d;]*m/g, '').split('\r\n');
}

test('a state has its colour, strength and quietness theirs, plain text none', () => {
  expect(toAnsi(line('is ', { text: 'crashed', tone: 'broken', strong: true }, quiet(' now')), 80)).toBe(
    'is \x1b[1;31mcrashed\x1b[0m\x1b[90m now\x1b[0m\r\n',
  );
});

test('what came from data cannot steer the terminal', () => {
  expect(toAnsi(line('a\x1b]52;c;x\x07b\r\nc\x9bd\u202ee'), 80)).toBe('a]52;c;xbcde\r\n');
});

test('a long line breaks between words, keeps its colours, and a longer word is left whole', () => {
  expect(toAnsi(line('is now ', { text: 'not passed', tone: 'broken' }, ' by'), 11)).toBe(
    'is now \x1b[31mnot\x1b[0m\r\n\x1b[31mpassed\x1b[0m by\r\n',
  );
  expect(shape(toAnsi(line('  see http://lb:9000/backends now'), 12))).toEqual([
    '  see',
    'http://lb:9000/backends',
    'now',
    '',
  ]);
});

test('a table stands side by side where it fits, numbers to the right', () => {
  expect(shape(toAnsi(TABLE, 24))).toEqual([
    'backend  is           n',
    's1       crashed  1,200',
    's10      healthy      7',
    '',
  ]);
});

test('columns move closer before the table is given up', () => {
  expect(shape(toAnsi(TABLE, 21))[1]).toBe('s1      crashed 1,200');
});

test('where it does not fit, each row is a paragraph', () => {
  expect(shape(toAnsi(TABLE, 18))).toEqual(['s1  is crashed', '  n 1,200', 's10  is healthy', '  n 7', '']);
});

test('a last column of text is wrapped under itself', () => {
  const table: Table = {
    kind: 'table',
    caption: 'Commands',
    columns: [{ head: 'command' }, { head: 'what it does' }],
    rows: [[strong('run'), { text: 'Start the clock and wait for it to stand' }]],
  };
  expect(shape(toAnsi(table, 34))).toEqual([
    'command  what it does             ',
    'run      Start the clock and wait ',
    '         for it to stand',
    '',
  ]);
});

test('a table with room for its last column is never wider than the terminal', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 8 });
  const rows = fc.array(
    fc.tuple(
      word,
      word,
      fc.array(word, { minLength: 1 }).map((words) => words.join(' ')),
    ),
    {
      minLength: 1,
    },
  );
  fc.assert(
    fc.property(rows, fc.integer({ min: 48, max: 100 }), (cells, columns) => {
      const table: Table = {
        kind: 'table',
        caption: '',
        columns: [{ head: 'id' }, { head: 'is' }, { head: 'what' }],
        rows: cells.map((row) => row.map((text) => ({ text }))),
      };
      for (const text of shape(toAnsi(table, columns))) expect(text.length).toBeLessThanOrEqual(columns);
    }),
  );
});
