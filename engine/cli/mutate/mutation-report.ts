import type { Check } from '../../grade/check.ts';
import type { KataScenario } from '../../grade/kata.ts';
import { readKataFolder } from '../kata-folder.ts';
import type { Kata } from '../kata-folder.ts';
import { compile, failureIn } from '../learner.ts';
import type { Answered, Learner } from '../learner.ts';
import { isExplained, readEquivalents, staleProblems } from './equivalents.ts';
import type { Equivalents } from './equivalents.ts';
import { mutantsOf } from './mutants.ts';
import type { Mutant } from './mutants.ts';

/** What became of the mutants of a kata's solution. */
export interface MutationReport {
  readonly slug: string;
  /** Those that compile. */
  readonly mutants: number;
  readonly killed: number;
  readonly explained: number;
  readonly survivors: readonly Survivor[];
  readonly problems: readonly string[];
}

export interface Survivor extends Pick<Mutant, 'line' | 'before' | 'after'> {
  /** With which of the seeds every scenario passes. */
  readonly seeds: readonly number[];
}

/** Every mutant of the solution fails with each of the seeds 1, 2, … `seeds`, or it is explained. */
export async function reportOnMutants(katas: string, slug: string, seeds: number): Promise<MutationReport> {
  const kata = readKataFolder(katas, slug);
  const { checks } = (await import(`../../../katas/${slug}/checks.ts`)) as { checks: readonly Check[] };
  return tryMutants(kata, checks, seeds, readEquivalents(`${katas}/${slug}`, `katas/${slug}`));
}

export function tryMutants(
  kata: Pick<Kata, 'slug' | 'starter' | 'solution' | 'policy' | 'scenarios'>,
  checks: readonly Check[],
  seeds: number,
  equivalents: Equivalents,
): MutationReport {
  const { slug, starter, solution, policy } = kata;
  const hunt = new Hunt(kata.scenarios, checks, seeds);
  const surviving: Survivor[] = [];
  let count = 0;
  for (const { source, line, before, after } of mutantsOf(solution, starter)) {
    const learner = compile(source, policy);
    if (typeof learner === 'string') continue;
    count += 1;
    const passed = hunt.passes(learner);
    if (passed.length > 0) surviving.push({ line, before, after, seeds: passed });
  }
  const survivors = surviving.filter((mutant) => !isExplained(mutant, equivalents));
  return {
    slug,
    mutants: count,
    killed: count - surviving.length,
    explained: surviving.length - survivors.length,
    survivors,
    problems: staleProblems(`katas/${slug}`, equivalents, surviving),
  };
}

/** Steps that a mutant takes are bounded as a learner's are (engine/sandbox/guard.ts): one that would never end fails. */
class Hunt {
  /** What killed last time comes first. */
  private order: readonly KataScenario[];
  private readonly checks: readonly Check[];
  private readonly seeds: readonly number[];
  private readonly answered: Answered = new Map();

  constructor(scenarios: readonly KataScenario[], checks: readonly Check[], seeds: number) {
    this.order = scenarios;
    this.checks = checks;
    this.seeds = Array.from({ length: seeds }, (_, at) => at + 1);
  }

  /** The seeds with which it passes everything. */
  passes(learner: Learner): number[] {
    return this.seeds.filter((seed) => {
      const killer = this.order.find((one) => failureIn(learner, one, this.checks, seed, this.answered) !== undefined);
      if (killer !== undefined) this.order = [killer, ...this.order.filter((one) => one !== killer)];
      return killer === undefined;
    });
  }
}
