import { useEffect, useState } from 'preact/hooks';
import { withCode } from '../with-code.tsx';
import { fileName, type KataInfo } from './kata-info.ts';
import { Cross } from './Marks.tsx';
import type { Remark } from './editor/remark.ts';
import type { Piece } from './editor/excerpt.ts';

/** Long lines go on under their own indent, as in the editor. */
function hanging(pieces: readonly Piece[]): string {
  const indent =
    pieces
      .map(({ text }) => text)
      .join('')
      .search(/\S/) + 2;
  return `padding-left: ${indent}ch; text-indent: -${indent}ch`;
}

/** On a phone: the five lines round the one in question, beside the failure, with the way to the editor. */
export function Excerpt({
  kata,
  source,
  remark,
  openEditor,
}: {
  kata: KataInfo;
  source: string;
  remark: Remark;
  openEditor: () => void;
}) {
  const [lines, setLines] = useState<{ line: number; pieces: Piece[] }[]>([]);
  const from = Math.max(1, remark.line - 2);
  useEffect(() => {
    let left = false;
    void import('./editor/excerpt.ts').then(({ excerpt }) => left || setLines(excerpt(source, from, from + 4)));
    return () => {
      left = true;
    };
  }, [source, from]);
  return (
    <section class="b-excerpt" aria-label="Your code there">
      <p class="b-excerpt-head">
        <span class="b-mono b-file">{fileName(kata.policy)}</span>
        <span>
          lines {from} to {from + Math.max(0, lines.length - 1)},{' '}
          <button type="button" class="b-link-button" onClick={openEditor}>
            open in the editor
          </button>
        </span>
      </p>
      <ol class="b-excerpt-lines" start={from}>
        {lines.map(({ line, pieces }) => (
          <li key={line} value={line} class={line === remark.line ? `b-remark-line b-remark-line-${remark.tone}` : ''}>
            <code style={hanging(pieces)}>
              {pieces.map(({ text, classes }, index) => (
                <span key={index} class={classes}>
                  {text}
                </span>
              ))}
            </code>
            {line === remark.line && remark.words !== undefined && (
              <p class={`b-remark b-remark-${remark.tone}`}>
                {remark.tone === 'broken' && <Cross />}
                <span>{withCode(remark.words)}</span>
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
