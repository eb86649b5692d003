import { javascriptLanguage } from '@codemirror/lang-javascript';
import { highlightCode } from '@lezer/highlight';
import { codeStyle } from './look.ts';

export interface Piece {
  readonly text: string;
  readonly classes: string;
}

/** Lines `from` to `to` (from 1, both included) of TypeScript, cut into pieces that carry the editor's classes. */
export function excerpt(source: string, from: number, to: number): { line: number; pieces: Piece[] }[] {
  const lines: Piece[][] = [[]];
  const tree = javascriptLanguage.parser.configure({ dialect: 'ts' }).parse(source);
  highlightCode(
    source,
    tree,
    codeStyle,
    (text, classes) => lines.at(-1)?.push({ text, classes }),
    () => lines.push([]),
  );
  return lines.map((pieces, index) => ({ line: index + 1, pieces })).filter(({ line }) => line >= from && line <= to);
}
