import { expect, test } from 'vitest';
import type { KataVerdict, ScenarioVerdict } from '../../../engine/index.ts';
import { announcement, countText, failing, headline, lineRemark } from '../../../src/components/kata/summary.ts';

function scenario(suite: ScenarioVerdict['suite'], number: number, status: ScenarioVerdict['status']): ScenarioVerdict {
  return { suite, number, name: `s${number}`, title: `scenario ${number}`, seed: 1, status };
}

function verdict(scenarios: ScenarioVerdict[], more: Partial<KataVerdict> = {}): KataVerdict {
  return { kata: 'random', passed: false, scenarios, log: [], ...more };
}

test('counts what was tried and never claims that everything passed', () => {
  const all = verdict(
    [scenario('visible', 1, 'passed'), scenario('hidden', 1, 'passed'), scenario('hidden', 2, 'passed')],
    { passed: true },
  );
  expect(headline(all)).toBe('1 of 1 visible, 2 of 2 hidden');
  expect(announcement(all)).toBe('1 of 1 visible, 2 of 2 hidden.');
});

test('leaves out the hidden scenarios when they were not run', () => {
  expect(headline(verdict([scenario('visible', 1, 'failed'), scenario('hidden', 1, 'not-run')]))).toBe(
    '0 of 1 visible',
  );
});

test('says that nothing ran when the code does not compile, and counts that as one failing', () => {
  const broken = verdict([], { failure: { kind: 'does-not-compile', title: "Cannot find name 'x'" } });
  expect(headline(broken)).toBe('Nothing ran');
  expect(failing(broken)).toBe(1);
  expect(countText({ passed: 0, total: 0 }, undefined)).toBe('Nothing ran');
});

test('does not say of our own fault that nothing ran', () => {
  expect(headline(verdict([], { failure: { kind: 'engine-fault', title: 'x' } }))).toBe('No verdict');
});

test('the remark under a line tells when and what was chosen, or what is wrong with it', () => {
  const title = 'Wrong answer: out of turn';
  const when = { atUs: 233_000, request: 14 };
  expect(lineRemark({ kind: 'wrong-answer', title, when, chose: 's2' })).toBe('at 233\u00a0ms: s2');
  const message = "Cannot find name 'x'.";
  expect(lineRemark({ kind: 'does-not-compile', title: 'Does not compile: line 3', message })).toBe(message);
  const endless = 'Ran too long: pick() did not come to an end';
  expect(
    lineRemark({ kind: 'too-long', title: endless, message: 'It ran more than 2 000 000 steps in one call.' }),
  ).toBe(endless);
});
