import { clean, type Block, type Span, type Table, type Tone } from './text.ts';

/** The terminal's colours by state: xterm-theme.ts gives each number the token of that state. */
const TONE: Readonly<Record<Tone, number>> = { well: 32, wait: 33, broken: 31, moving: 34, aside: 35 };
/** "Bright black": the third ink. */
const QUIET = 90;

/** A block as a terminal of so many columns shows it, each line ended by a carriage return and a line feed. */
export function toAnsi(block: Block, columns: number): string {
  const rows = block.kind === 'line' ? wrapSpans(block.spans, columns) : tableLines(block, columns);
  return rows.map((spans) => `${spans.map(paint).join('')}\r\n`).join('');
}

export function paint(span: Span): string {
  const codes = [
    ...(span.strong === true ? [1] : []),
    ...(span.quiet === true ? [QUIET] : []),
    ...(span.tone === undefined ? [] : [TONE[span.tone]]),
  ];
  const text = clean(span.text);
  return codes.length === 0 ? text : `\x1b[${codes.join(';')}m${text}\x1b[0m`;
}

/** Breaks a line between words where it is longer than the terminal is wide; a longer word is left to the terminal. */
function wrapSpans(spans: readonly Span[], columns: number): readonly (readonly Span[])[] {
  const result: Span[][] = [[]];
  let used = 0;
  for (const span of spans) {
    let text = '';
    for (const [piece] of clean(span.text).matchAll(/ +|[^ ]+/g)) {
      const isSpace = piece.startsWith(' ');
      if (!isSpace && used > 0 && used + piece.length > columns) {
        result.at(-1)!.push({ ...span, text: text.trimEnd() });
        result.push([]);
        [text, used] = ['', 0];
      }
      // A line that goes on does not begin with the space at which it was broken.
      if (isSpace && used === 0 && result.length > 1) continue;
      text += piece;
      used += piece.length;
    }
    result.at(-1)!.push({ ...span, text });
  }
  return result;
}

/** Side by side where that fits, if need be closer together; otherwise each row is a paragraph of its own. */
function tableLines(table: Table, columns: number): readonly (readonly Span[])[] {
  const widths = table.columns.map(({ head }, index) =>
    Math.max(head.length, ...table.rows.map((row) => clean(row[index]!.text).length)),
  );
  const last = widths.length - 1;
  for (const gap of [2, 1]) {
    const room = columns - widths.slice(0, last).reduce((sum, width) => sum + width + gap, 0);
    const least = table.columns[last]!.number === true ? widths[last]! : Math.min(widths[last]!, LEAST_TEXT);
    if (room >= least) return sideBySide(table, widths.with(last, Math.min(widths[last]!, room)), gap);
  }
  return table.rows.flatMap((row) => paragraph(table, row, columns));
}

/** A last column of text may be wrapped, but not into less than this. */
const LEAST_TEXT = 24;

function sideBySide(table: Table, widths: readonly number[], gap: number): readonly (readonly Span[])[] {
  const last = widths.length - 1;
  const head = table.columns.map((column): Span => ({ text: column.head, quiet: true }));
  return [head, ...table.rows].flatMap((row) => {
    const [first = '', ...more] = wrap(clean(row[last]!.text), widths[last]!);
    const indent = widths.slice(0, last).reduce((sum, width) => sum + width + gap, 0);
    return [
      [...row.slice(0, last), { ...row[last]!, text: first }].map((cell, index) => {
        const text = clean(cell.text);
        const fill = ' '.repeat(Math.max(0, widths[index]! - text.length));
        const filled = table.columns[index]!.number === true ? fill + text : text + fill;
        return { ...cell, text: (index === 0 ? '' : ' '.repeat(gap)) + filled };
      }),
      ...more.map((text) => [{ text: ' '.repeat(indent) }, { ...row[last]!, text }]),
    ];
  });
}

/** "s1  weight 1  believed healthy  is crashed", on as many lines as it takes. */
function paragraph(table: Table, row: readonly Span[], columns: number): readonly (readonly Span[])[] {
  const [first, ...rest] = row;
  const result: Span[][] = [[{ ...first!, strong: true }]];
  let used = clean(first!.text).length;
  rest.forEach((cell, index) => {
    const label = `${table.columns[index + 1]!.head} `;
    const width = 2 + label.length + clean(cell.text).length;
    if (used + width > columns) {
      result.push([]);
      used = 0;
    }
    result.at(-1)!.push({ text: `  ${label}`, quiet: true }, cell);
    used += width;
  });
  return result;
}

/** Breaks a text between words into lines of at most `width`; a longer word stands alone. */
function wrap(text: string, width: number): readonly string[] {
  const result: string[] = [];
  for (const word of text.split(' ')) {
    const line = result.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) result[result.length - 1] = `${line} ${word}`;
    else result.push(word);
  }
  return result;
}
