import type { Check } from '../../grade/check.ts';
import type { ScenarioVerdict } from '../../grade/verdict.ts';
import { readKataFolder } from '../kata-folder.ts';
import type { Kata } from '../kata-folder.ts';
import { compile, grade } from '../learner.ts';
import type { Learner } from '../learner.ts';

/** What a kata's promises came to. */
export interface KataReport {
  readonly slug: string;
  readonly visible: number;
  readonly hidden: number;
  readonly mutants: number;
  readonly killed: number;
  readonly right: number;
  readonly accepted: number;
  /** Guard steps of the solution for each decision, over all scenarios with seed 1. */
  readonly stepsPerDecision: number;
  /** Median time of the solution's run and verdict over all scenarios, by the processor's clock. */
  readonly verdictMs: number;
  readonly problems: readonly string[];
}

/** The starter fails, right solutions pass and mutants fail as they say they do: with seeds 1, 2, … `seeds`. */
export async function reportOnKata(katas: string, slug: string, seeds: number): Promise<KataReport> {
  const kata = readKataFolder(katas, slug);
  const { checks } = (await import(`../../../katas/${slug}/checks.ts`)) as { checks: readonly Check[] };
  return tryKata(kata, checks, seeds);
}

/** The same for a kata that was read, with the checks of its checks.ts. */
export function tryKata(kata: Kata, checks: readonly Check[], seeds: number): KataReport {
  const { slug } = kata;
  const trial = new Trial(kata, checks, seeds);
  const right = [{ name: 'solution', source: kata.solution }, ...kata.alternatives];
  const accepted = right.filter(({ name, source }) => trial.accepts(name, source)).length;
  const killed = kata.mutants.filter(({ name, source, fails }) => trial.kills(name, source, fails)).length;
  trial.expectStarterFails();
  const hidden = kata.scenarios.filter(({ suite }) => suite === 'hidden').length;
  const counts = { visible: kata.scenarios.length - hidden, hidden, right: right.length, mutants: kata.mutants.length };
  return { slug, ...counts, accepted, killed, ...trial.costs(), problems: trial.problems };
}

/** So many attempts are timed. */
const TIMED = 5;

class Trial {
  readonly problems: string[] = [];
  private readonly kata: Kata;
  private readonly checks: readonly Check[];
  private readonly seeds: readonly number[];

  constructor(kata: Kata, checks: readonly Check[], seeds: number) {
    this.kata = kata;
    this.checks = checks;
    this.seeds = Array.from({ length: seeds }, (_, at) => at + 1);
  }

  accepts(name: string, source: string): boolean {
    const learner = compile(source, this.kata.policy);
    if (typeof learner === 'string') return this.problem(name, learner);
    for (const seed of this.seeds) {
      for (const one of this.kata.scenarios) {
        const { status, failure } = grade(learner, one, this.checks, seed);
        if (status !== 'passed') {
          return this.problem(name, `${one.scenario.name}, seed ${seed}: ${failure?.title ?? 'failed'}`);
        }
      }
    }
    return true;
  }

  kills(name: string, source: string, fails: string): boolean {
    const learner = compile(source, this.kata.policy);
    if (typeof learner === 'string') {
      return learner.includes(fails) || this.problem(name, `does not fail with "${fails}": ${learner}`);
    }
    // What killed it last time is tried first.
    let order = this.kata.scenarios;
    for (const seed of this.seeds) {
      const killer = order.find((one) => grade(learner, one, this.checks, seed).failure?.title.startsWith(fails));
      if (killer === undefined) return this.problem(name, `seed ${seed}: no scenario fails with "${fails}"`);
      order = [killer, ...order.filter((one) => one !== killer)];
    }
    return true;
  }

  /** The first visible scenario that fails says what the starter is meant to fail with. */
  expectStarterFails(): void {
    const { starter, starterFails, policy, scenarios } = this.kata;
    const learner = compile(starter, policy);
    if (typeof learner === 'string') {
      this.problem('starter', learner);
      return;
    }
    const visible = scenarios.filter(({ suite }) => suite === 'visible');
    for (const seed of this.seeds) {
      const failed = visible.map((one) => grade(learner, one, this.checks, seed)).find(isFailed);
      if (failed?.failure?.title === starterFails) continue;
      const found = failed?.failure?.title ?? 'nothing';
      this.problem('starter', `seed ${seed}: fails with "${found}", expected "${starterFails}"`);
      return;
    }
  }

  costs(): Pick<KataReport, 'stepsPerDecision' | 'verdictMs'> {
    const learner = compile(this.kata.solution, this.kata.policy);
    if (typeof learner === 'string') return { stepsPerDecision: Number.NaN, verdictMs: Number.NaN };
    const times = Array.from({ length: TIMED }, (_, at) => this.timed(learner, at + 1)).toSorted((a, b) => a - b);
    const verdicts = this.kata.scenarios.map((one) => grade(learner, one, this.checks, 1));
    const decisions = verdicts.reduce((sum, { lines }) => sum + (lines?.length ?? 0), 0);
    const steps = verdicts.reduce(
      (sum, { lines, stepsPerDecision = 0 }) => sum + stepsPerDecision * (lines?.length ?? 0),
      0,
    );
    return { stepsPerDecision: steps / decisions, verdictMs: times[TIMED >> 1]! };
  }

  private timed(learner: Learner, seed: number): number {
    const { user, system } = process.cpuUsage();
    for (const one of this.kata.scenarios) grade(learner, one, this.checks, seed);
    const after = process.cpuUsage();
    return (after.user - user + after.system - system) / 1000;
  }

  private problem(name: string, what: string): false {
    this.problems.push(`katas/${this.kata.slug}, ${name}: ${what}`);
    return false;
  }
}

function isFailed({ status }: ScenarioVerdict): boolean {
  return status === 'failed';
}
