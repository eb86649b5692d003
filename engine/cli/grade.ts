/**
 * Grades a folder of submissions: runs each where it can hurt nobody, replays what it decided, and marks what the replay shows.
 *
 *   npm run grade -- <folder> [--kata slug] [--suite folder] [--seed-file file] [--engine quickjs|node] [--out file]
 *
 * `--kata`       only this kata, which is also that of files whose name says none
 * `--suite`      scenarios of your own, laid out as in katas/: <folder>/<kata>/scenarios/hidden-1-name.json
 * `--seed-file`  numbers of attempts, one a line; every scenario is graded once for each. Otherwise one is drawn, and printed
 * `--engine`     quickjs (the default) holds any code; node is some seventy times faster and belongs into a container without a network
 * `--out`        marks.csv, marks.json, marks.junit.xml or gradescope.json
 */
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { command, withUsage } from './command.ts';
import type { Check } from '../grade/check.ts';
import { bundleKernel } from './grade/kernel-script.ts';
import { markOf, unreadable } from './grade/mark.ts';
import type { GradedKata, Mark } from './grade/mark.ts';
import { marksFile } from './grade/marks-file.ts';
import { MEMORY_BYTES } from './grade/realm.ts';
import { Runners } from './grade/runners.ts';
import { readSubmissions } from './grade/submissions.ts';
import { kataSlugs, readKataFolder, readSuite } from './kata-folder.ts';
import { aligned } from './table.ts';

const USAGE =
  'Usage: npm run grade -- <folder> [--kata slug] [--suite folder] [--seed-file file] [--engine quickjs|node] [--out marks.csv|.json|.junit.xml|gradescope.json]';

const KATAS = new URL('../../katas', import.meta.url).pathname;

/** Two are what the smallest machine has; each takes some 200 MB for the compiler. */
const THREADS = 2;

/** Of the engine and the learner's code together: the longest scenario of any kata takes a tenth. The step guard ends endless loops long before the time does. */
const LIMITS = { memoryBytes: MEMORY_BYTES, timeMs: 60_000 };

await command(main);

async function main(): Promise<void> {
  const { folder, kata, suite, attempts, engine, out } = readArguments();
  const slugs = kataSlugs(KATAS);
  if (kata !== undefined && !slugs.includes(kata)) throw noKata(kata, slugs);
  const submissions = readSubmissions(folder, slugs, kata);
  if (submissions.length === 0) throw new Error(`${folder}: holds no submissions.`);
  const katas = await kataReader(slugs, suite);
  const runners = new Runners(THREADS, { kernel: await bundleKernel(), engine, limits: LIMITS });
  const marks = await Promise.all(
    submissions.map(async (one): Promise<Mark> => {
      if ('problem' in one) return unreadable(one);
      const graded = katas(one.kata);
      if (graded === undefined) return unreadable({ ...one, problem: noKata(one.kata, slugs).message });
      return markOf(one, graded, attempts, runners);
    }),
  );
  await runners.close();
  if (out !== undefined) writeFileSync(out.file, out.write(marks));
  print(marks, attempts);
}

function readArguments() {
  const { values, positionals } = parsed();
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) throw new Error(USAGE);
  if (!existsSync(folder)) throw new Error(`${folder}: is not there. Give the folder with the submissions.`);
  const { kata, suite, engine = 'quickjs', out } = values;
  if (engine !== 'quickjs' && engine !== 'node')
    throw new Error(`--engine: found "${engine}", expected quickjs or node.`);
  const write = out === undefined ? undefined : marksFile(out);
  if (out !== undefined && write === undefined)
    throw new Error(
      `--out: found "${out}", expected a name that ends with .csv, .json, .junit.xml or gradescope.json.`,
    );
  const attempts = values['seed-file'] === undefined ? [randomInt(2 ** 32)] : readSeeds(values['seed-file']);
  return { folder, kata, suite, attempts, engine, out: out && write ? { file: out, write } : undefined } as const;
}

function parsed() {
  const text = { type: 'string' } as const;
  const options = { kata: text, suite: text, 'seed-file': text, engine: text, out: text };
  return withUsage(USAGE, () => parseArgs({ options, allowPositionals: true }));
}

function readSeeds(file: string): number[] {
  if (!existsSync(file)) throw new Error(`--seed-file: ${file} is not there.`);
  const words = readFileSync(file, 'utf8').split(/\s+/).filter(Boolean);
  const wrong = words.find((word) => !/^\d+$/.test(word) || Number(word) > 0xffffffff);
  if (wrong !== undefined || words.length === 0) {
    throw new Error(`${file}: found "${wrong ?? 'nothing'}", expected whole numbers from 0 to 4294967295, one a line.`);
  }
  return words.map(Number);
}

/** Answers katas with the scenarios they are graded by here; undefined for one that does not exist. */
async function kataReader(
  slugs: readonly string[],
  suite: string | undefined,
): Promise<(slug: string) => GradedKata | undefined> {
  if (suite !== undefined && !existsSync(suite)) throw new Error(`--suite: ${suite} is not there.`);
  const katas = new Map<string, GradedKata>();
  for (const slug of slugs) {
    const { checks } = (await import(`../../katas/${slug}/checks.ts`)) as { checks: readonly Check[] };
    const { policy, scenarios } = readKataFolder(KATAS, slug);
    const own = suite !== undefined && existsSync(join(suite, slug)) ? readSuite(suite, slug) : scenarios;
    katas.set(slug, { policy, checks, scenarios: own });
  }
  return (slug) => katas.get(slug);
}

function noKata(slug: string, slugs: readonly string[]): Error {
  return new Error(`There is no kata "${slug}". There are: ${slugs.join(', ')}.`);
}

function print(marks: readonly Mark[], attempts: readonly number[]): void {
  const rows = marks.map(({ submission, kata, result, passed, total, claimed, disagrees, failure, line, message }) => [
    plain(submission, 40),
    plain(kata, 30),
    result,
    total === 0 ? '' : `${passed}/${total}`,
    `${claimed ?? ''}${disagrees ? ', not so' : ''}`,
    plain(
      `${failure}${line === undefined ? '' : `, line ${line}`}${result === 'unreadable' ? `: ${message}` : ''}`,
      100,
    ),
  ]);
  for (const row of aligned([['submission', 'kata', 'result', 'tests', 'claimed', 'first failure'], ...rows]))
    console.log(row);
  const count = (result: Mark['result']): number => marks.filter((mark) => mark.result === result).length;
  console.log(`\nattempt${attempts.length === 1 ? '' : 's'} ${attempts.join(', ')}`);
  const claims = marks.filter(({ disagrees }) => disagrees).length;
  console.log(
    `${marks.length} submissions: ${count('passed')} passed, ${count('failed')} failed, ${count('unreadable')} unreadable; ${claims} claimed another result`,
  );
}

/** On one line and without control characters, which would steer a terminal: the words come from strangers. */
function plain(text: string, most: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
