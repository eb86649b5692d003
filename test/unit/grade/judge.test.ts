import { expect, test } from 'vitest';
import { policiesFor, Simulation } from '../../../engine/index.ts';
import type { Check, Runs, SeenPick } from '../../../engine/index.ts';
import { readKataFolder } from '../../../engine/cli/kata-folder.ts';
import { verdictOf } from '../../../engine/grade/run.ts';
import type { Run } from '../../../engine/grade/run.ts';
import { recordTape } from '../../../engine/grade/tape.ts';

const folder = new URL('../../../katas', import.meta.url).pathname;
const [testCase] = readKataFolder(folder, 'round-robin').scenarios;
const { scenario } = testCase!;

/** An honest run of the scenario's own policy. */
function honest(seed: number): Run {
  const { policies, tape } = recordTape(policiesFor(scenario), ['picks']);
  const simulation = new Simulation(scenario, policies, { seed });
  simulation.runToEnd();
  const lines = new Uint16Array(tape().picks!.length).map((_, index) => 100 + index);
  return { tape: tape(), lines, steps: 2 * lines.length, digest: simulation.digest() };
}

function verdict(run: Run, checks: readonly Check[] = [], seed = 3) {
  return verdictOf(run, {
    checks,
    test: testCase!,
    seed,
    code: { insertions: [] },
    policies: policiesFor,
  });
}

/** Finds fault with the picks that `is` names. */
function against(title: string, is: (seen: SeenPick) => boolean): Check {
  return {
    watch: (_scenario, report) => ({
      pick(seen) {
        if (!is(seen)) return;
        const { decision, atUs, request, chose } = seen;
        const cost = ({ yours }: Runs) => `${yours({ metric: 'count' })} requests`;
        report({ title, decision, atUs, request: request.id, chose: chose!.id, better: 'another', cost });
      },
    }),
  };
}

test('an honest run passes when nothing speaks against it', () => {
  expect(verdict(honest(3))).toMatchObject({ status: 'passed', suite: 'visible', number: 1, stepsPerDecision: 2 });
});

test('the first check that is broken gives the failure, with its first moment, its line and all costly moments', () => {
  const checks = [
    against('never', () => false),
    against('odd', ({ request }) => request.id % 50 === 7),
    against('any', () => true),
  ];
  const { failure } = verdict(honest(3), checks);
  expect(failure).toMatchObject({
    kind: 'wrong-answer',
    title: 'odd',
    when: { atUs: 70_000, request: 7 },
    line: 106,
    cost: '199 requests',
    costlyUs: [70_000, 570_000, 1_070_000, 1_570_000],
  });
});

test('a run that does not replay is our fault, never a wrong answer', () => {
  const { tape, ...run } = honest(3);
  const cut = { ...run, tape: { picks: tape.picks!.slice(1) } };
  const other = { ...run, tape, digest: '0123456789abcdef' };
  for (const forged of [cut, other]) {
    const { failure } = verdict(forged);
    expect(failure?.kind).toBe('engine-fault');
    expect(failure?.message).toMatch(/Your code is not to blame.*please report seed 3: /s);
  }
});
