import { existsSync, readFileSync } from 'node:fs';
import dictionary from 'dictionary-en-gb';
import nspell from 'nspell';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

/** Words of the field, of its systems and of its people, which no dictionary of English has: one on each line. */
const OWN_WORDS = 'lessons/words.txt';

/** What is read here of a node of Markdown with components. */
interface Node {
  readonly type: string;
  readonly name?: string | null | undefined;
  readonly value?: string | { readonly value: string } | null | undefined;
  readonly children?: readonly Node[] | undefined;
  readonly attributes?: readonly Node[] | undefined;
  readonly position?: { readonly start: { readonly line: number } } | undefined;
}

/** A sentence of a file, and where it begins. */
interface Passage {
  readonly text: string;
  readonly line: number;
}

/** A line for each word in these files, below `root`, that neither the dictionary of British English nor the project's own list has. */
export function spellingProblems(root: string, files: readonly string[]): string[] {
  const known = nspell({ aff: Buffer.from(dictionary.aff), dic: Buffer.from(dictionary.dic) });
  const own = existsSync(root + OWN_WORDS) ? readFileSync(root + OWN_WORDS, 'utf8') : '';
  for (const word of own.split('\n')) if (word !== '') known.add(word);
  const isKnown = (word: string): boolean => known.correct(word) || known.correct(word.toLowerCase());
  return files.flatMap((file) => {
    const text = readFileSync(root + file, 'utf8');
    const passages = /\.mdx?$/.test(file) ? ofMarkdown(text) : sentences(text, 1);
    return passages.flatMap(({ text: passage, line }) =>
      misspelt(passage, isKnown).map((word) => {
        const meant = known.suggest(word)[0];
        const guess = meant === undefined ? '' : ` Meant “${meant}”?`;
        return `${file}, line ${line}: spelling: “${word}” is no known word.${guess} A word of the field goes into ${OWN_WORDS}.`;
      }),
    );
  });
}

/** Names as programs write them, addresses and numbers with units are no words. */
function misspelt(passage: string, isKnown: (word: string) => boolean): string[] {
  const prose = passage.replace(/\bhttps?:\S+|\S*[\d_@=]\S*|\S*\/\S*\/\S*|\b\S+\.[a-z]\w*/g, ' ');
  const words = prose.match(/\p{L}+(?:['’]\p{L}+)*/gu) ?? [];
  return words
    .map((word) => word.replaceAll('’', "'").replace(/'s$|s'$/, ''))
    .filter((word) => word.length > 1 && !/.\p{Lu}/u.test(word) && !isKnown(word));
}

/** What a reader reads of a page: its text, the sentences among the attributes of its components, its title and description. */
function ofMarkdown(text: string): Passage[] {
  const front = /^---\n[^]*?\n---\n/.exec(text)?.[0] ?? '';
  const passages = [...front.matchAll(/^(?:title|description): (.*)$/gm)].map((found) => ({
    text: found[1]!,
    line: lineAt(text, found.index),
  }));
  const page = front.replace(/[^\n]/g, '') + text.slice(front.length);
  const tree: Node = unified().use(remarkParse).use(remarkMdx).parse(page);
  return [...passages, ...ofNode(tree)];
}

function ofNode({ type, name, value, children = [], attributes = [], position }: Node): Passage[] {
  const line = position?.start.line ?? 1;
  if (type === 'text' && typeof value === 'string') {
    return value.split('\n').map((text, at) => ({ text, line: line + at }));
  }
  if (type === 'mdxJsxAttribute') {
    // An example's program is code.
    if (name === 'code') return [];
    return sentences(typeof value === 'string' ? JSON.stringify(value) : (value?.value ?? ''), line);
  }
  return [...attributes, ...children].flatMap(ofNode);
}

/** The quoted texts of several words in data or in an expression; one of a single word is a name. */
function sentences(source: string, line: number): Passage[] {
  return [...source.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g)]
    .map((found) => ({ text: found[1] ?? found[2]!, line: line + lineAt(source, found.index) - 1 }))
    .filter(({ text }) => text.includes(' '));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
