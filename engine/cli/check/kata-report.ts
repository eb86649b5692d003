import type { Check } from '../../grade/check.ts';
import type { KataScenario } from '../../grade/kata.ts';
import type { Failure } from '../../grade/verdict.ts';
import { readKataFolder } from '../kata-folder.ts';
import type { Kata } from '../kata-folder.ts';
import { compile, failureIn, grade } from '../learner.ts';
import type { Answered, Learner } from '../learner.ts';

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
  const problems: string[] = [];
  const holds = (name: string, problem: string | undefined): boolean => {
    if (problem !== undefined) problems.push(`katas/${slug}, ${name}: ${problem}`);
    return problem === undefined;
  };
  const right = rightOf(kata);
  const accepted = right.filter(({ name, source }) => holds(name, trial.accepts(source))).length;
  const killed = kata.mutants.filter(({ name, source, fails }) => holds(name, trial.kills(source, fails))).length;
  holds('starter', trial.failsStarter());
  const hidden = kata.scenarios.filter(({ suite }) => suite === 'hidden').length;
  const counts = { visible: kata.scenarios.length - hidden, hidden, right: right.length, mutants: kata.mutants.length };
  return { slug, ...counts, accepted, killed, ...trial.costs(), problems };
}

/** What must be accepted: the solution, and the other right ones. */
export function rightOf(kata: Kata): readonly { readonly name: string; readonly source: string }[] {
  return [{ name: 'solution', source: kata.solution }, ...kata.alternatives];
}

/** So many attempts are timed. */
const TIMED = 5;

/**
 * The promises of a kata, each tried with the seeds 1, 2, … `seeds`: answers what is wrong, if anything is. With seed 1 the code is run, taped and replayed, as a
 * learner's is in the browser; with the others the checks listen to the run itself.
 */
export class Trial {
  private readonly kata: Kata;
  private readonly checks: readonly Check[];
  private readonly seeds: readonly number[];
  private readonly answered: Answered = new Map();

  constructor(kata: Kata, checks: readonly Check[], seeds: number) {
    this.kata = kata;
    this.checks = checks;
    this.seeds = Array.from({ length: seeds }, (_, at) => at + 1);
  }

  /** A right solution passes every scenario. */
  accepts(source: string): string | undefined {
    const learner = compile(source, this.kata.policy);
    if (typeof learner === 'string') return learner;
    for (const seed of this.seeds) {
      for (const one of this.kata.scenarios) {
        const failure = this.failure(learner, one, seed);
        if (failure !== undefined) return `${one.scenario.name}, seed ${seed}: ${told(failure)}`;
      }
    }
    return undefined;
  }

  /** A wrong one fails in some scenario with this title, or one that begins so. */
  kills(source: string, fails: string): string | undefined {
    const learner = compile(source, this.kata.policy);
    if (typeof learner === 'string') {
      return learner.includes(fails) ? undefined : `does not fail with "${fails}": ${learner}`;
    }
    // What killed it last time is tried first.
    let order = this.kata.scenarios;
    for (const seed of this.seeds) {
      const killer = order.find((one) => this.failure(learner, one, seed)?.title.startsWith(fails));
      if (killer === undefined) return `seed ${seed}: no scenario fails with "${fails}"`;
      order = [killer, ...order.filter((one) => one !== killer)];
    }
    return undefined;
  }

  /** The first visible scenario that fails says what the starter is meant to fail with. */
  failsStarter(): string | undefined {
    const { starter, starterFails, policy, scenarios } = this.kata;
    const learner = compile(starter, policy);
    if (typeof learner === 'string') return learner;
    const visible = scenarios.filter(({ suite }) => suite === 'visible');
    for (const seed of this.seeds) {
      const first = firstOf(visible, (one) => this.failure(learner, one, seed)?.title) ?? 'nothing';
      if (first !== starterFails) return `seed ${seed}: fails with "${first}", expected "${starterFails}"`;
    }
    return undefined;
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

  private failure(learner: Learner, one: KataScenario, seed: number): Failure | undefined {
    if (seed > 1) return failureIn(learner, one, this.checks, seed, this.answered);
    return grade(learner, one, this.checks, seed).failure;
  }
}

function firstOf<Given, Found>(list: readonly Given[], find: (one: Given) => Found | undefined): Found | undefined {
  for (const one of list) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

function told({ title, message, chose, better }: Failure): string {
  return [title, message, chose, better].filter(Boolean).join('; ');
}
