import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { correctionProblems } from '../../../engine/cli/check/corrections.ts';

const root = `${mkdtempSync(join(tmpdir(), 'corrections-'))}/`;
mkdirSync(`${root}lessons`);
afterAll(() => rmSync(root, { recursive: true }));

const lesson = (slug: string, corrects: string) =>
  writeFileSync(`${root}lessons/${slug}.mdx`, `---\ncorrects: [${corrects}]\n---\n`);
const file = (corrections: unknown) => writeFileSync(`${root}lessons/corrections.json`, JSON.stringify(corrections));
const wellKnown = { id: 'all-is-well', claim: 'All is well.', right: 'It is not.' };
const dueLater = { id: 'later-on', claim: 'Now.', right: 'Later.', later: 2 };

describe('the mistakes that lessons put right', () => {
  it('are those of the file, each in a lesson or for one that is not written yet', () => {
    file([wellKnown, dueLater]);
    lesson('01-some', 'all-is-well');
    expect(correctionProblems(root, ['01-some'])).toEqual([]);
  });

  it('are asked for where they are unknown, untaught or due', () => {
    file([wellKnown, dueLater]);
    lesson('01-some', 'all-is-wel');
    lesson('02-next', '');
    expect(correctionProblems(root, ['01-some', '02-next'])).toEqual([
      'lessons/01-some.mdx, frontmatter: corrects: found "all-is-wel", expected an id of lessons/corrections.json.',
      'lessons/corrections.json: all-is-well: found in no frontmatter, expected in `corrects` of any lesson.',
      'lessons/corrections.json: later-on: found in no frontmatter, expected in `corrects` of lesson 2, which is written.',
    ]);
  });

  it('need what is said and what is right', () => {
    file([{ id: 'all-is-well', claim: 'All is well.' }]);
    expect(correctionProblems(root, [])).toEqual([expect.stringMatching(/^lessons\/corrections\.json: 0\.right: /)]);
  });
});
