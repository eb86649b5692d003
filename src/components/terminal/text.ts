/** What a command prints: lines of spans, and tables. A screen decides how that looks. */

/** The state a word stands for; the only hue there is (tokens.css). */
export type Tone = 'well' | 'wait' | 'broken' | 'moving' | 'aside';

export interface Span {
  readonly text: string;
  readonly tone?: Tone;
  readonly strong?: boolean;
  readonly quiet?: boolean;
}

export interface Line {
  readonly kind: 'line';
  readonly spans: readonly Span[];
}

export interface Table {
  readonly kind: 'table';
  /** What the rows are, for people who do not see the table. */
  readonly caption: string;
  readonly columns: readonly { readonly head: string; readonly number?: boolean }[];
  readonly rows: readonly (readonly Span[])[];
}

export type Block = Line | Table;

export function line(...parts: readonly (string | Span)[]): Line {
  return { kind: 'line', spans: parts.map((part) => (typeof part === 'string' ? { text: part } : part)) };
}

/** One line for each line of a longer text. */
export function lines(text: string): readonly Line[] {
  return text.split('\n').map((one) => line(one));
}

export function strong(text: string): Span {
  return { text, strong: true };
}

export function quiet(text: string): Span {
  return { text, quiet: true };
}

/**
 * Takes out what could steer a terminal or disguise a text: control characters (C0, C1, delete) and the marks that
 * reverse the direction of writing. Every screen passes all it shows through here.
 */
export function clean(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this takes out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}

export function plainText(block: Block): string {
  if (block.kind === 'line') return block.spans.map((span) => clean(span.text)).join('');
  const rows = block.rows.map((row) => row.map((cell) => clean(cell.text)).join('\t'));
  return [block.columns.map((column) => column.head).join('\t'), ...rows].join('\n');
}
