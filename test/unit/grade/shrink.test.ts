import { expect, test } from 'vitest';
import { readKataFolder } from '../../../engine/cli/kata-folder.ts';
import { shrink } from '../../../engine/grade/shrink.ts';
import type { Twin } from '../../../engine/grade/shrink.ts';
import type { Check, KataScenario, Scenario } from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';
import { compile, grade } from '../../../engine/cli/learner.ts';

const folder = new URL('../../../katas', import.meta.url).pathname;
const kata = readKataFolder(folder, 'round-robin');
const { checks } = (await import('../../../katas/round-robin/checks.ts')) as { checks: readonly Check[] };
const learner = compile(kata.mutants.find(({ name }) => name === 'bare-counter')!.source, 'picker');
if (typeof learner === 'string') throw new Error(learner);

const seed = 11;
let tried = 0;
const failureIn = (scenario: Scenario) => {
  tried += 1;
  const one: KataScenario = { suite: 'hidden', number: 1, scenario };
  return grade(learner, one, checks, seed).failure;
};
const failing = kata.scenarios.find(({ scenario }) => failureIn(scenario) !== undefined)!.scenario;
const original = failureIn(failing)!;

function shrunk(runs?: number): Promise<Twin> {
  tried = 0;
  return shrink(
    failing,
    original,
    (worlds) => Promise.resolve(worlds.map(failureIn)),
    runs === undefined ? {} : { runs },
  );
}

const sizeOf = ({ pools, durationUs, timeline }: Scenario) => ({
  backends: pools.reduce((sum, { backends }) => sum + backends.length, 0),
  durationUs,
  actions: timeline.length,
});

test('the twin fails the same check in a smaller world, which is a scenario like any other', async () => {
  const twin = await shrunk();
  expect(twin.failure.title).toBe(original.title);
  expect(failureIn(twin.scenario)?.title).toBe(original.title);
  const before = sizeOf(failing);
  const after = sizeOf(twin.scenario);
  expect(after.backends).toBeLessThan(before.backends);
  expect(after.durationUs).toBeLessThan(before.durationUs);
  expect(after.actions).toBeLessThanOrEqual(before.actions);
  expect(parseScenario(JSON.parse(JSON.stringify(twin.scenario)), 'the twin')).toEqual(twin.scenario);
});

test('nothing more can be taken away: without any one backend or action the failure is gone', async () => {
  const { scenario } = await shrunk(400);
  scenario.timeline.forEach((_, at) => {
    expect(failureIn({ ...scenario, timeline: scenario.timeline.toSpliced(at, 1) })?.title).not.toBe(original.title);
  });
});

test('the same failure shrinks to the same world, and never in more runs than allowed', async () => {
  expect(await shrunk()).toEqual(await shrunk());
  expect((await shrunk(5)).runs).toBeLessThanOrEqual(5);
  expect(tried).toBeLessThanOrEqual(5);
});
