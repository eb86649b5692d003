import { describe, expect, test } from 'vitest';
import { kataSlugs, readKataFolder } from '../../engine/cli/kata-folder.ts';
import type { Kata } from '../../engine/cli/kata-folder.ts';
import type { Check, ScenarioVerdict } from '../../engine/index.ts';
import { policiesFor, recordTape, Simulation } from '../../engine/index.ts';
import { KINDS } from '../../engine/grade/policy-kinds.ts';
import { judge } from '../../engine/grade/judge.ts';
import { catalog } from '../../katas/catalog.ts';
import { compile, grade } from '../../engine/cli/learner.ts';
import type { Learner } from '../../engine/cli/learner.ts';

/** Every promise of a kata is tried with this many seeds: 1, 2, 3 … Set BALLAST_SEEDS for more. */
const seeds = Array.from({ length: Number(process.env['BALLAST_SEEDS'] ?? 10) }, (_, index) => index + 1);
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
  const minutes = 60_000 + 3000 * seeds.length;

  test('stands in the catalogue under its number, title and policy', () => {
    const planned = catalog.find((entry) => entry.slug === slug);
    expect(planned).toMatchObject({ number: kata.number, title: kata.title, policy: KINDS[kata.policy].contract });
  });

  test('the starter compiles and fails with the message it is meant to fail with', () => {
    const starter = compiled(kata.starter, kata);
    for (const seed of seeds.slice(0, 20)) {
      const visible = kata.scenarios.filter(({ suite }) => suite === 'visible');
      const first = visible.map((one) => grade(starter, one, checks, seed)).find(({ status }) => status === 'failed');
      expect(first?.failure?.title, `seed ${seed}`).toBe(kata.starterFails);
    }
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

  const right = [{ name: 'solution', source: kata.solution }, ...kata.alternatives];
  test.each(right)('$name passes every scenario with every seed', { timeout: minutes }, ({ source }) => {
    const learner = compiled(source, kata);
    for (const seed of seeds) {
      for (const one of kata.scenarios) {
        const verdict = grade(learner, one, checks, seed);
        if (verdict.status !== 'passed') expect.fail(`${one.scenario.name}, seed ${seed}: ${told(verdict)}`);
      }
    }
  });

  test.each(kata.mutants)('$name fails with every seed: $misconception', { timeout: minutes }, ({ source, fails }) => {
    const learner = compile(source, kata.policy);
    if (typeof learner === 'string') {
      expect(learner).toContain(fails);
      return;
    }
    // What killed it last time is tried first.
    let order = kata.scenarios;
    for (const seed of seeds) {
      const killer = order.find((one) => grade(learner, one, checks, seed).failure?.title.startsWith(fails));
      if (killer === undefined) expect.fail(`seed ${seed}: no scenario fails with "${fails}"`);
      order = [killer, ...order.filter((one) => one !== killer)];
    }
  });
}

function compiled(source: string, kata: Kata): Learner {
  const learner = compile(source, kata.policy);
  if (typeof learner === 'string') throw new Error(learner);
  return learner;
}

function told({ failure }: ScenarioVerdict): string {
  return [failure?.title, failure?.message, failure?.chose, failure?.better].filter(Boolean).join('; ');
}
