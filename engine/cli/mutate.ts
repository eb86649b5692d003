/**
 * Mutation testing of the katas' solutions: a small mistake is put into each, one at a time, and the checks of the kata have to see it.
 *
 *   npm run mutate [-- --kata slug] [--seeds N]
 *
 * Prints a line for each mistake that a scenario let pass with one of the seeds 1 to N (3), and ends with 1 if there is any that katas/<slug>/equivalent.json
 * does not explain. Mistakes that do not compile are not counted, and functions that the starter has as well are left alone.
 */
import { parseArgs } from 'node:util';
import { command, withUsage } from './command.ts';
import { fromEachKata } from './kata-processes.ts';
import { kataSlugs } from './kata-folder.ts';
import type { MutationReport } from './mutate/mutation-report.ts';

const USAGE = 'Usage: npm run mutate [-- --kata slug] [--seeds N]';
const root = new URL('../../', import.meta.url).pathname;

await command(main);

async function main(): Promise<void> {
  const { seeds, kata } = readArguments();
  const slugs = kataSlugs(`${root}katas`);
  if (kata !== undefined && !slugs.includes(kata))
    throw new Error(`--kata: there is no "${kata}": ${slugs.join(', ')}.`);
  const script = `${root}engine/cli/mutate/kata-process.ts`;
  const reports = await fromEachKata<MutationReport>(script, kata === undefined ? slugs : [kata], seeds);
  for (const { slug, survivors, problems } of reports) {
    for (const { line, before, after, seeds: passed } of survivors) {
      console.log(
        `katas/${slug}/solution.ts:${line}: ${before}  ->  ${after}  (passes with seed ${passed.join(', ')})`,
      );
    }
    for (const problem of problems) console.error(problem);
    if (survivors.length + problems.length > 0) process.exitCode = 1;
  }
  const sum = (of: (one: MutationReport) => number): number => reports.reduce((total, one) => total + of(one), 0);
  const [mutants, killed, explained] = [
    sum((one) => one.mutants),
    sum((one) => one.killed),
    sum((one) => one.explained),
  ];
  const survive = sum(({ survivors }) => survivors.length);
  console.log(
    `${reports.length} katas, ${mutants} mutants, ${killed} killed, ${explained} explained as equivalent, ${survive} survive`,
  );
}

function readArguments() {
  const options = { kata: { type: 'string' }, seeds: { type: 'string' } } as const;
  return withUsage(USAGE, () => {
    const { kata, seeds = '3' } = parseArgs({ options }).values;
    if (!/^[1-9]\d{0,3}$/.test(seeds)) throw new Error(`--seeds: found "${seeds}", expected a whole number from 1.`);
    return { kata, seeds: Number(seeds) };
  });
}
