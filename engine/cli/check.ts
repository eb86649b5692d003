/**
 * Checks the course: lessons, links, spelling and questions; and that of every kata the starter fails, right solutions pass and mutants die.
 *
 *   npm run check [-- --report] [--seeds N] [--kata slug | --lessons] [--claims N]
 *
 * `--report` prints a table of lessons (kB of a page need the built site), what they correct, and a table of katas. `--seeds` (1,000) is with how many each kata
 * is tried, 1, 2, 3 …; `--lessons` leaves katas out, `--kata` lessons.
 * `--claims` tries the claims of the lessons' numbers with N seeds, 1, 2, 3 …; a hundred take ten minutes and more.
 */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { command, withUsage } from './command.ts';
import type { KataReport } from './check/kata-report.ts';
import { claimProblems } from './check/claims.ts';
import { LESSON_HEAD, reportOnLesson } from './check/lesson-report.ts';
import { lessonProblems, lessonSlugs } from './check/lessons.ts';
import { unfilled } from './check/unfilled.ts';
import { kataSlugs } from './kata-folder.ts';
import { fromEachKata } from './kata-processes.ts';
import { aligned } from './table.ts';

const USAGE = 'Usage: npm run check [-- --report] [--seeds N] [--kata slug | --lessons] [--claims N]';
const root = new URL('../../', import.meta.url).pathname;

const HEAD = ['kata', 'visible', 'hidden', 'mutants', 'solutions', 'steps/decision', 'verdict, ms'];

await command(main);

async function main(): Promise<void> {
  const { report, seeds, kata, lessons, claims } = readArguments();
  const slugs = kataSlugs(`${root}katas`);
  if (kata !== undefined && !slugs.includes(kata))
    throw new Error(`--kata: there is no "${kata}": ${slugs.join(', ')}.`);
  const problems = kata === undefined ? lessonProblems(root, slugs) : [];
  for (const slug of claims === 0 || kata !== undefined ? [] : lessonSlugs(root)) {
    problems.push(...(await claimProblems(root, slug, claims)));
  }
  const chosen = lessons ? [] : kata === undefined ? slugs : [kata];
  problems.push(...chosen.flatMap((slug) => unfilled(root, filesOf(`katas/${slug}`))));
  const reports = await fromEachKata<KataReport>(`${root}engine/cli/check/kata-process.ts`, chosen, seeds);
  problems.push(...reports.flatMap((one) => one.problems));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  if (report && kata === undefined) printLessons();
  if (lessons) return;
  if (report) for (const row of aligned([HEAD, ...reports.map(rowOf)], 1)) console.log(row);
  const sum = (of: (one: KataReport) => number): number => reports.reduce((total, one) => total + of(one), 0);
  const mutants = `${sum(({ killed }) => killed)}/${sum((one) => one.mutants)} mutants killed`;
  const right = `${sum(({ accepted }) => accepted)}/${sum((one) => one.right)} solutions accepted`;
  console.log(`${reports.length} katas, ${mutants}, ${right}`);
}

function printLessons(): void {
  const reports = lessonSlugs(root).map((slug) => reportOnLesson(root, slug));
  for (const row of aligned([LESSON_HEAD, ...reports.map(({ row }) => row)], 1)) console.log(row);
  for (const { row, corrects } of reports) console.log(`${row[0]} corrects: ${corrects.join('; ')}.`);
}

function readArguments() {
  const [flag, text] = [{ type: 'boolean' }, { type: 'string' }] as const;
  const options = { report: flag, seeds: text, kata: text, lessons: flag, claims: text } as const;
  return withUsage(USAGE, () => {
    const { values } = parseArgs({ options });
    const { report = false, seeds = '1000', kata, lessons = false, claims = '0' } = values;
    if (!/^[1-9]\d{0,6}$/.test(seeds)) throw new Error(`--seeds: found "${seeds}", expected a whole number from 1.`);
    if (!/^\d{1,4}$/.test(claims)) throw new Error(`--claims: found "${claims}", expected a number of seeds.`);
    if (lessons && kata !== undefined) throw new Error('--lessons leaves katas out, and --kata names one.');
    return { report, seeds: Number(seeds), kata, lessons, claims: Number(claims) };
  });
}

function filesOf(folder: string): string[] {
  const entries = readdirSync(root + folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(root.length));
}

function rowOf({ slug, visible, hidden, killed, mutants, accepted, right, ...costs }: KataReport): string[] {
  const { stepsPerDecision, verdictMs } = costs;
  const counts = [String(visible), String(hidden), `${killed}/${mutants}`, `${accepted}/${right}`];
  return [slug, ...counts, stepsPerDecision.toFixed(1), verdictMs.toFixed(0)];
}
