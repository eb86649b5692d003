import { describe, expect, it } from 'vitest';
import { readKataFolder } from '../../../engine/cli/kata-folder.ts';
import { compile, grade } from '../../../engine/cli/learner.ts';
import type { Check, ScenarioVerdict } from '../../../engine/index.ts';
import {
  closestOf,
  misconceptionsOf,
  type KnownMisconception,
  type Progress,
} from '../../../src/components/kata/misconceptions.ts';

const passed = { suite: 'visible', number: 1, name: 'one', title: 'One', seed: 1, status: 'passed' } as const;
const failed = (title: string, atUs = 1): ScenarioVerdict => ({
  ...passed,
  status: 'failed',
  failure: { kind: 'wrong-answer', title, when: { atUs, request: 1 } },
});
/** With so many decisions. */
const long = (verdict: ScenarioVerdict, decisions: number): ScenarioVerdict => ({
  ...verdict,
  lines: new Uint16Array(decisions),
});
const known = (name: string, fails: string): KnownMisconception => ({ name, words: name, fails });
const names = (found: readonly KnownMisconception[]) => found.map(({ name }) => name);

describe('the misconception of a run', () => {
  const all = [known('a', 'Moved'), known('b', 'Moved'), known('c', 'Moved'), known('d', 'Uneven')];

  it('is one that ends as some failure of the run does', () => {
    expect(names(misconceptionsOf(all, { scenarios: [passed, failed('Uneven by far')] }))).toEqual(['d']);
    expect(misconceptionsOf(all, { scenarios: [failed('Ran too long')] })).toEqual([]);
  });

  /** Runs as they were given, in the worlds that are asked for. */
  const worldsOf = (...scenarios: ScenarioVerdict[]) => scenarios.map((one, at) => ({ ...one, number: at + 1 }));
  const runOf =
    (runs: Record<string, ScenarioVerdict[]>, ran: string[] = []): Parameters<typeof closestOf>[2] =>
    ({ name }, worlds) => {
      ran.push(`${name} ${worlds.map(({ number }) => number).join()}`);
      const scenarios = worldsOf(...runs[name]!).filter((one) => worlds.some(({ number }) => number === one.number));
      return Promise.resolve({ scenarios });
    };

  it('fails in the same worlds with the same titles, then at the same decisions', async () => {
    const run = runOf({
      a: [failed('Moved'), failed('Moved')],
      b: [failed('Moved', 9), passed],
      c: [failed('Moved'), passed],
    });
    const of = async (...scenarios: ScenarioVerdict[]) =>
      names(await closestOf(all, { scenarios: worldsOf(...scenarios) }, run));
    expect(await of(failed('Moved'), failed('Moved', 5))).toEqual(['a']);
    expect(await of(failed('Moved', 9), passed)).toEqual(['b']);
    expect(await of(failed('Moved', 3), passed)).toEqual(['b', 'c']);
  });

  it('is never more than two, and needs no run where only one fits', async () => {
    const run = runOf({ a: [failed('Moved')], b: [failed('Moved')], c: [failed('Moved')] });
    expect(names(await closestOf(all, { scenarios: worldsOf(failed('Moved')) }, run))).toEqual(['a', 'b']);
    expect(names(await closestOf(all, { scenarios: worldsOf(failed('Uneven')) }, run))).toEqual(['d']);
  });

  it('is looked for in the two shortest worlds that failed, and further only where these leave more than one', async () => {
    const yours = {
      scenarios: worldsOf(long(failed('Moved', 1), 900), passed, failed('Moved', 2), failed('Moved', 3)),
    };
    const [one, two, three] = [failed('Moved', 1), failed('Moved', 2), failed('Moved', 3)];
    const ran: string[] = [];
    const told: string[] = [];
    const tell = (progress: Progress) => told.push(`${progress.done} of ${progress.of}, ${progress.in}`);
    const alone = { a: [one, passed, two, three], b: [one, passed, two, two], c: [one, passed, two, passed] };
    expect(names(await closestOf(all, yours, runOf(alone, ran), tell))).toEqual(['a']);
    expect(ran).toEqual(['a 3,4', 'b 3,4', 'c 3,4']);
    expect(told).toEqual(['0 of 3, few', '1 of 3, few', '2 of 3, few']);
    ran.length = 0;
    const tied = { ...alone, b: [passed, passed, two, three] };
    expect(names(await closestOf(all, yours, runOf(tied, ran)))).toEqual(['a']);
    expect(ran.slice(3)).toEqual(['a 1,2', 'b 1,2']);
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
