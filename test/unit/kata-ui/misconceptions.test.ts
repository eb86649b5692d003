import { describe, expect, it } from 'vitest';
import { readKataFolder } from '../../../engine/cli/kata-folder.ts';
import { compile, grade } from '../../../engine/cli/learner.ts';
import type { Check, ScenarioVerdict } from '../../../engine/index.ts';
import { closestOf, misconceptionsOf, type KnownMisconception } from '../../../src/components/kata/misconceptions.ts';

const passed = { suite: 'visible', number: 1, name: 'one', title: 'One', seed: 1, status: 'passed' } as const;
const failed = (title: string, atUs = 1): ScenarioVerdict => ({
  ...passed,
  status: 'failed',
  failure: { kind: 'wrong-answer', title, when: { atUs, request: 1 } },
});
const known = (name: string, fails: string): KnownMisconception => ({ name, words: name, fails });
const names = (found: readonly KnownMisconception[]) => found.map(({ name }) => name);

describe('the misconception of a run', () => {
  const all = [known('a', 'Moved'), known('b', 'Moved'), known('c', 'Moved'), known('d', 'Uneven')];

  it('is one that ends as some failure of the run does', () => {
    expect(names(misconceptionsOf(all, { scenarios: [passed, failed('Uneven by far')] }))).toEqual(['d']);
    expect(misconceptionsOf(all, { scenarios: [failed('Ran too long')] })).toEqual([]);
  });

  it('fails in the same worlds with the same titles, then at the same decisions', async () => {
    const runs: Record<string, ScenarioVerdict[]> = {
      a: [failed('Moved'), failed('Moved')],
      b: [failed('Moved', 9), passed],
      c: [failed('Moved'), passed],
    };
    const run = ({ name }: KnownMisconception) => Promise.resolve({ scenarios: runs[name]! });
    const of = async (...scenarios: ScenarioVerdict[]) => names(await closestOf(all, { scenarios }, run));
    expect(await of(failed('Moved'), failed('Moved', 5))).toEqual(['a']);
    expect(await of(failed('Moved', 9), passed)).toEqual(['b']);
    expect(await of(failed('Moved', 3), passed)).toEqual(['b', 'c']);
  });

  it('is never more than two, and needs no run where only one fits', async () => {
    const run = ({ name }: KnownMisconception) =>
      name === 'd' ? Promise.reject(new Error('was run')) : Promise.resolve({ scenarios: [failed('Moved')] });
    expect(names(await closestOf(all, { scenarios: [failed('Moved')] }, run))).toEqual(['a', 'b']);
    expect(names(await closestOf(all, { scenarios: [failed('Uneven')] }, run))).toEqual(['d']);
  });
});

/** Those whose worlds are small; `closestOf` treats the others' mutants alike, at a minute of work for all. */
describe.each(['round-robin', 'smooth-weighted-round-robin', 'token-bucket', 'vrrp-election'])(
  'the mutants of %s',
  async (slug) => {
    const kata = readKataFolder('katas', slug);
    const { checks } = (await import(`../../../katas/${slug}/checks.ts`)) as { checks: readonly Check[] };
    const mistakes = kata.mutants.map(({ name, misconception: words, fails }) => ({ name, words, fails }));
    const runs = new Map(kata.mutants.map(({ name, source }) => [name, { scenarios: verdictsOf(source) }]));

    function verdictsOf(source: string): ScenarioVerdict[] {
      const learner = compile(source, kata.policy);
      if (typeof learner === 'string') throw new Error(learner);
      return kata.scenarios.map((test) => grade(learner, test, checks, 1));
    }

    it.each(mistakes)('$name is guessed, with one other at most', async ({ name }) => {
      const found = await closestOf(mistakes, runs.get(name)!, (one) => Promise.resolve(runs.get(one.name)!));
      expect(names(found)).toContain(name);
    });

    it('nine in ten are guessed alone', async () => {
      const guesses = await Promise.all(
        mistakes.map(({ name }) => closestOf(mistakes, runs.get(name)!, (one) => Promise.resolve(runs.get(one.name)!))),
      );
      const alone = guesses.filter((found) => found.length === 1).length;
      expect(alone / mistakes.length).toBeGreaterThanOrEqual(0.9);
    });
  },
);
