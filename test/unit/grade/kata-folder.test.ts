import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KataError, readKataFolder } from '../../../engine/cli/kata-folder.ts';
import { ScenarioError } from '../../../engine/index.ts';

const good = new URL('../../../katas/random', import.meta.url).pathname;
let katas: string;

beforeEach(() => {
  katas = mkdtempSync(join(tmpdir(), 'katas-'));
  cpSync(good, join(katas, 'random'), { recursive: true });
});
afterEach(() => rmSync(katas, { recursive: true }));

const path = (file: string) => join(katas, 'random', file);
const edit = (file: string, from: string | RegExp, to: string) =>
  writeFileSync(path(file), readFileSync(path(file), 'utf8').replace(from, to));

function problems(): string {
  try {
    readKataFolder(katas, 'random');
    return '';
  } catch (error) {
    if (error instanceof KataError || error instanceof ScenarioError) return error.message;
    throw error;
  }
}

test('a kata as it should be is read, visible scenarios first', () => {
  const kata = readKataFolder(katas, 'random');
  expect(kata.scenarios.map(({ suite, number }) => `${suite} ${number}`).slice(0, 4)).toEqual([
    'visible 1',
    'visible 2',
    'visible 3',
    'hidden 1',
  ]);
  expect(kata.mutants[0]).toMatchObject({ name: 'always-first', misconception: 'The first is as good as any.' });
});

test.each([
  [
    'a field of the frontmatter that is missing',
    () => edit('kata.mdx', /^policy:.*\n/m, ''),
    /katas\/random\/kata\.mdx, frontmatter: policy: found nothing, expected .*picker/,
  ],
  [
    'a field of the frontmatter that is misspelt',
    () => edit('kata.mdx', 'starterFails', 'starterfails'),
    /katas\/random\/kata\.mdx, frontmatter: starterfails: .*starterFails/s,
  ],
  [
    'a file that is missing',
    () => rmSync(path('solution.ts')),
    /^katas\/random\/solution\.ts: the file: found nothing, expected a file of this name\.$/,
  ],
  [
    'a file that does not belong there',
    () => writeFileSync(path('notes.txt'), ''),
    /^katas\/random\/notes\.txt: the name: found "notes\.txt", expected one of kata\.mdx, /,
  ],
  [
    'too few scenarios',
    () => rmSync(path('scenarios/visible-3-ten-backends.json')),
    /^katas\/random: visible scenarios: found 2, expected at least 3\.$/,
  ],
  [
    'a gap in the numbers',
    () => rmSync(path('scenarios/hidden-2-seven-backends.json')),
    /^katas\/random\/scenarios: numbers of the hidden ones: found 1, 3, 4, 5, 6, 7, expected 1 to 6, each once\.$/,
  ],
  [
    'a scenario whose name is not that of its file',
    () => edit('scenarios/visible-2-one-backend.json', '"one-backend"', '"another"'),
    /scenarios\/visible-2-one-backend\.json: name: found "another", expected "one-backend", as in the file's name\.$/,
  ],
  [
    'a scenario that cannot be',
    () => edit('scenarios/visible-2-one-backend.json', '"rateRps": 200', '"rateRps": "200"'),
    /scenarios\/visible-2-one-backend\.json: clients\[0\]\.arrivals\.rateRps: found "200", expected a number/,
  ],
  [
    'a scenario that is no JSON',
    () => edit('scenarios/visible-2-one-backend.json', '{', ''),
    /scenarios\/visible-2-one-backend\.json: the document: found SyntaxError/,
  ],
  [
    'a mutant without a misconception',
    () => edit('mutants/always-first.ts', /.*@misconception.*\n/, ''),
    /^katas\/random\/mutants\/always-first\.ts: @misconception: found nothing, expected a line/,
  ],
  [
    'hints without their sections',
    () => edit('hints.md', '## Nudge', '## A nudge'),
    /^katas\/random\/hints\.md: headings of second level: found A nudge, Misconception, Skeleton, expected Nudge/,
  ],
])('%s is named with file, field, what was found and what is expected', (_, spoil, expected) => {
  spoil();
  expect(problems()).toMatch(expected);
});

test('all problems are told at once', () => {
  rmSync(path('solution.ts'));
  rmSync(path('hints.md'));
  expect(problems().split('\n').length).toBeGreaterThanOrEqual(2);
});
