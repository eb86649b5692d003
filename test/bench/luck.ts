/**
 * How often a right solution fails by bad luck, and how often a wrong one passes: attempts with fresh seeds.
 */
import { kataSlugs, readKataFolder } from '../../engine/cli/kata-folder.ts';
import type { Kata } from '../../engine/cli/kata-folder.ts';
import { seedIn } from '../../engine/grade/variation.ts';
import type { Check } from '../../engine/index.ts';
import { compile, grade } from '../../engine/cli/learner.ts';

const folder = new URL('../../katas', import.meta.url).pathname;
/** Attempts that pass every test. */
function passes(kata: Kata, checks: readonly Check[], attempts: number, source: string): number {
  const learner = compile(source, kata.policy);
  if (typeof learner === 'string') return 0;
  let passed = 0;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const failed = kata.scenarios.some((one) => grade(learner, one, checks, seedIn(attempt, one)).status !== 'passed');
    if (!failed) passed += 1;
  }
  return passed;
}

export async function benchLuck([slug = '', count = '1000']: readonly string[]): Promise<void> {
  if (!kataSlugs(folder).includes(slug)) {
    console.error(`There is no kata "${slug}". There are ${kataSlugs(folder).join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  const attempts = Number(count);
  const kata = readKataFolder(folder, slug);
  const { checks } = (await import(`../../katas/${slug}/checks.ts`)) as { checks: readonly Check[] };

  /** With no failure in n attempts the rate is below this with 95 % confidence: (1 - rate)^n = 0.05. */
  const below = 1 - Math.exp(Math.log(0.05) / attempts);
  for (const [name, source] of [
    ['solution', kata.solution] as const,
    ...kata.alternatives.map((one) => [one.name, one.source] as const),
  ]) {
    const failed = attempts - passes(kata, checks, attempts, source);
    const rate = failed === 0 ? `below ${below.toExponential(1)} (95 %)` : (failed / attempts).toExponential(1);
    console.log(`${name.padEnd(24)} fails ${failed} of ${attempts} attempts: ${rate}`);
  }
  for (const { name, source } of kata.mutants)
    console.log(`${name.padEnd(24)} passes ${passes(kata, checks, attempts, source)} of ${attempts} attempts`);
}
