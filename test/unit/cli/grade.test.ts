import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Mark } from '../../../engine/cli/grade/mark.ts';
import { handIn, SUITES } from './classroom.ts';

const root = new URL('../../../', import.meta.url).pathname;
const place = mkdtempSync(join(tmpdir(), 'class-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

function grade(...args: string[]) {
  const options = { cwd: root, encoding: 'utf8' } as const;
  return spawnSync(process.execPath, ['engine/cli/grade.ts', ...args], options);
}

/** A suite of a teacher's own: some of the katas' scenarios, numbered anew. */
function writeSuite(folder: string): void {
  for (const [slug, files] of Object.entries(SUITES)) {
    for (const [at, file] of files.entries()) {
      const own = file.replace(/^(visible|hidden)-\d+/, `hidden-${at + 1}`);
      cpSync(join(root, 'katas', slug, 'scenarios', `${file}.json`), join(folder, slug, 'scenarios', `${own}.json`));
    }
  }
}

describe('npm run grade', () => {
  it(
    'gives a class of right, wrong, hostile and unreadable submissions the marks they deserve',
    { timeout: 300_000 },
    () => {
      const submissions = join(place, 'submissions');
      mkdirSync(submissions);
      const expected = handIn(submissions);
      expect(expected.size).toBeGreaterThanOrEqual(50);
      writeSuite(join(place, 'suite'));
      writeFileSync(join(place, 'seeds'), '42\n');
      const out = join(place, 'marks.json');
      const { status, stdout } = grade(
        submissions,
        ...['--suite', join(place, 'suite'), '--seed-file', join(place, 'seeds'), '--out', out],
      );
      expect(status).toBe(0);
      const marks = JSON.parse(readFileSync(out, 'utf8')) as Mark[];
      for (const [name, { result, failure = '', disagrees = false }] of expected) {
        const mark = marks.find(({ submission }) => submission === name);
        expect(mark, name).toMatchObject({ result, disagrees });
        expect(mark!.failure.startsWith(failure), `${name}: ${mark!.failure}`).toBe(true);
      }
      expect(marks).toHaveLength(expected.size);
      const passed = [...expected.values()].filter(({ result }) => result === 'passed').length;
      const last = stdout.trimEnd().split('\n').at(-1);
      expect(last).toMatch(
        new RegExp(`^${expected.size} submissions: ${passed} passed, .*; 2 claimed another result$`),
      );
    },
  );

  it.each([
    [[], /^Usage: /],
    [['nowhere'], /^nowhere: is not there/],
    [['katas', '--kata', 'nothing'], /^There is no kata "nothing"\. There are: /],
    [['katas', '--engine', 'v8'], /^--engine: found "v8", expected quickjs or node/],
    [['katas', '--out', 'marks.pdf'], /^--out: found "marks\.pdf", expected a name that ends with/],
    [['katas', '--seed-file', 'README.md'], /^README\.md: found "#", expected whole numbers/],
  ])('says what is wrong with %j and ends with 1', (args, message) => {
    const { status, stderr } = grade(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(1);
  });
});
