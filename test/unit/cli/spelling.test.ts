import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spellingProblems } from '../../../engine/cli/check/spelling.ts';

let root: string;
beforeEach(() => {
  root = `${mkdtempSync(join(tmpdir(), 'spelling-'))}/`;
  mkdirSync(`${root}lessons`);
  writeFileSync(`${root}lessons/words.txt`, 'backend\n');
});
afterEach(() => rmSync(root, { recursive: true }));

function problems(name: string, text: string): string[] {
  writeFileSync(root + name, text);
  return spellingProblems(root, [name]);
}

describe('the spelling of what a reader reads', () => {
  it('is told with the file, the line, the word and what may be meant', () => {
    expect(problems('page.mdx', '# Health\n\nA *healthy* backend\nanswers evry probe.\n')).toEqual([
      'page.mdx, line 4: spelling: “evry” is no known word. Meant “every”? A word of the field goes into lessons/words.txt.',
    ]);
  });

  it('knows sentences in the attributes of components, in titles and in questions', () => {
    const page =
      '---\ntitle: A tittel\nlesson: 3\n---\n\n<Figure\n  scenario="qwx"\n  caption="It is fulll"\n  knob={{ label: \'how mny there are\' }}\n/>\n';
    expect(problems('page.mdx', page).map((line) => line.slice(0, 40))).toEqual([
      'page.mdx, line 2: spelling: “tittel” is ',
      'page.mdx, line 8: spelling: “fulll” is n',
      'page.mdx, line 9: spelling: “mny” is no ',
    ]);
    expect(problems('bank.json', '[\n  { "id": "qwx", "text": "The rigt answer." }\n]\n')).toHaveLength(1);
  });

  it('leaves code, addresses, names of programs and numbers with units alone', () => {
    const page =
      'Use `qwx` or https://qwx.example for 20ms, `p99`, maxFails and HTTP.\n\n```ts\nconst qwx = 1;\n```\n\n<Code code={`qwx yy`} />\n';
    expect(problems('page.mdx', page)).toEqual([]);
  });
});
