import { describe, expect, test } from 'vitest';
import { kataSlugs, readKataFolder } from '../../engine/cli/kata-folder.ts';
import { rightOf, Trial } from '../../engine/cli/check/kata-report.ts';
import type { Check } from '../../engine/index.ts';
import { policiesFor, recordTape, Simulation } from '../../engine/index.ts';
import { KINDS } from '../../engine/grade/policy-kinds.ts';
import { judge } from '../../engine/grade/judge.ts';
import { catalog } from '../../katas/catalog.ts';
import { compile, failureIn, grade } from '../../engine/cli/learner.ts';
import type { Learner } from '../../engine/cli/learner.ts';

/** Every promise of a kata is tried with this many seeds: 1, 2, 3 … Set BALLAST_SEEDS for more. */
const seeds = Number(process.env['BALLAST_SEEDS'] ?? 10);
const folder = new URL('../../katas', import.meta.url).pathname;

/** In so many files the katas are dealt out: files are what runs at the same time. */
const PARTS = 4;

/** Every promise of the katas of one part, from 0. */
export function katasKeepTheirPromises(part: number): void {
  describe.each(kataSlugs(folder).filter((_, at) => at % PARTS === part))('kata %s', promises);
}

async function promises(slug: string): Promise<void> {
  const kata = readKataFolder(folder, slug);
  const { checks } = (await import(`../../katas/${slug}/checks.ts`)) as { checks: readonly Check[] };
  const minutes = 60_000 + 3000 * seeds;

  test('stands in the catalogue under its number, title and policy', () => {
    const planned = catalog.find((entry) => entry.slug === slug);
    expect(planned).toMatchObject({ number: kata.number, title: kata.title, policy: KINDS[kata.policy].contract });
  });

  const trial = new Trial(kata, checks, seeds);

  test('the starter compiles and fails with the message it is meant to fail with', { timeout: minutes }, () => {
    expect(trial.failsStarter()).toBeUndefined();
  });

  test('the policy that its scenarios name as the reference passes', () => {
    for (const { scenario } of kata.scenarios) {
      const recorded = recordTape(policiesFor(scenario));
      new Simulation(scenario, recorded.policies, { seed: 1 }).runToEnd();
      const judged = judge(checks, {
        scenario,
        seed: 1,
        tape: recorded.tape(),
        policies: () => policiesFor(scenario),
      });
      expect(judged.failure, scenario.name).toBeUndefined();
    }
  });

  test.each(rightOf(kata))('$name passes every scenario with every seed', { timeout: minutes }, ({ source }) => {
    expect(trial.accepts(source)).toBeUndefined();
  });

  test.each(kata.mutants)('$name fails with every seed: $misconception', { timeout: minutes }, ({ source, fails }) => {
    expect(trial.kills(source, fails)).toBeUndefined();
  });

  test('the checks say the same of a run as of the replay of its tape', () => {
    for (const source of [kata.starter, kata.solution]) {
      const learner = compile(source, kata.policy) as Learner;
      for (const one of kata.scenarios.slice(0, 4)) {
        expect(failureIn(learner, one, checks, 2)).toEqual(grade(learner, one, checks, 2).failure);
      }
    }
  });
}
