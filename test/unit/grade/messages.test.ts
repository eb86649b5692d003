import { expect, test } from 'vitest';
import { kataSlugs, readKataFolder } from '../../../engine/cli/kata-folder.ts';
import type { Check, Failure } from '../../../engine/index.ts';
import { list, ordinal, time } from '../../../engine/grade/words.ts';
import { compile, grade } from '../../../engine/cli/learner.ts';

const folder = new URL('../../../katas', import.meta.url).pathname;

/** The failure of a kata's file (a mutant's name, or `starter`) in one of its scenarios with seed 1. */
async function failureIn(slug: string, file: string, scenario: string): Promise<Partial<Failure>> {
  const kata = readKataFolder(folder, slug);
  const { checks } = (await import(`../../../katas/${slug}/checks.ts`)) as { checks: readonly Check[] };
  const source = kata.mutants.find(({ name }) => name === file)?.source ?? kata.starter;
  const learner = compile(source, kata.policy);
  if (typeof learner === 'string') throw new Error(learner);
  const one = kata.scenarios.find(({ scenario: { name } }) => name === scenario)!;
  const { costlyUs, ...failure } = grade(learner, one, checks, 1).failure!;
  expect(costlyUs?.[0]).toBe(failure.when?.atUs);
  expect(costlyUs).toEqual(costlyUs?.toSorted((a, b) => a - b));
  return failure;
}

test('a turn taken twice: who, who was due, and what came of it', async () => {
  expect(await failureIn('round-robin', 'starter', 'four-equal-backends')).toEqual({
    kind: 'wrong-answer',
    title: 'Wrong answer: a backend has a second turn before another has its first',
    when: { atUs: 20_000, request: 2 },
    chose: 's1, again',
    better: 's2, which was eligible all the time since the last turn of s1 and had none',
    cost: 'In this run s1 had 200 turns and s2 had 0 turns.',
    backends: { chose: 's1', better: 's2' },
    line: 8,
  });
});

test('a pick that was declined: who was there, and how many requests failed for it', async () => {
  const { chose, better, cost } = await failureIn('round-robin', 'behind-the-end', 'one-leaves');
  expect(chose).toBe('nothing (undefined), so the client got a 503');
  expect(better).toMatch(/^one of s1, s3 or s4$|^one of s1 or s3$/);
  expect(cost).toMatch(/^\d+ of \d+ requests failed; with the reference 0\.$/);
});

test('unequal chances: counts, what chance allows, and shares beside the reference', async () => {
  const { chose, better, cost, backends } = await failureIn('random', 'by-weight', 'unequal-weights');
  expect(chose).toMatch(/^s1 \d+ times in \d+ picks$/);
  expect(better).toMatch(/^about \d+ times: chance leads to \d+ to \d+, and beyond them once in a billion runs$/);
  expect(cost).toMatch(/^s1 has 6\d\.\d % of the requests; with the reference 2\d\.\d %\./);
  expect(backends).toEqual({ chose: 's1' });
});

test('health judged too early and too late: after how many in a row, and how many it takes', async () => {
  expect(await failureIn('health-hysteresis', 'every-probe-counts', 'crash-and-recovery')).toMatchObject({
    title: 'Wrong answer: a backend is taken out too early',
    chose: 's2 unhealthy after a single failure',
    better: 'still healthy: fall is 3, so the third failure in a row decides',
  });
  expect(await failureIn('health-hysteresis', 'one-more', 'crash-and-recovery')).toMatchObject({
    title: 'Wrong answer: a backend is taken out too late',
    chose: 's2 still healthy after 3 failures in a row',
    better: 'unhealthy: fall is 3, and this was the third failure in a row',
  });
  expect(await failureIn('health-hysteresis', 'every-probe-counts', 'alternating-probes')).toMatchObject({
    title: 'Wrong answer: it flaps on alternating probes',
  });
});

test('every file in katas/ that is wrong on purpose is told from the right ones by its title alone', () => {
  for (const slug of kataSlugs(folder)) {
    for (const { fails } of readKataFolder(folder, slug).mutants)
      expect(fails).toMatch(/^(Wrong answer: |Does not compile)/);
  }
});

test('times have three digits and their unit, lists an end, small numbers names', () => {
  expect([0, 850, 999, 41_230, 233_333, 4_250_000, 18_000_000].map(time)).toEqual([
    '0 µs',
    '850 µs',
    '999 µs',
    '41.2 ms',
    '233 ms',
    '4.25 s',
    '18 s',
  ]);
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((names) => list(names))).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
  expect([1, 3, 11].map(ordinal)).toEqual(['first', 'third', '11th']);
});
