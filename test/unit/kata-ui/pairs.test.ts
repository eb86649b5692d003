import { describe, expect, test } from 'vitest';
import { kataSlugs, readKataFolder } from '../../../engine/cli/kata-folder.ts';
import { policyProblems } from '../../../engine/policy-problems.ts';
import { othersOf } from '../../../src/components/kata/others.ts';
import type { Decision } from '../../../src/components/kata/replay/model.ts';
import {
  answeredAlike,
  decidedAlike,
  pairCalls,
  pairDecisions,
  partingOf,
  partingWords,
} from '../../../src/components/kata/replay/pairs.ts';
import type { ToldDecision } from '../../../src/components/kata/replay/calls.ts';

function pick(request: number, backend: number, costly = false): Decision {
  const atUs = request * 1000;
  return { atUs, kind: 'pick', request, backend, passed: false, judged: undefined, line: 0, costly, end: 0 };
}

function admit(request: number, answered: string, costly = false): ToldDecision {
  return { call: { atUs: request * 1000, call: 'admit', request, asked: 'of web', answered }, line: 0, costly };
}

const words = (mine: Decision[], theirs: Decision[]) =>
  partingWords(partingOf(mine, pairDecisions(mine, theirs), decidedAlike), mine.length, (at) => mine[at]!.atUs);

test('two runs that decide alike have no parting', () => {
  expect(words([pick(1, 0), pick(2, 1)], [pick(1, 0), pick(2, 1)])).toBe('All 2 decisions are alike.');
});

test('decisions are paired by their request, whatever else the other run did in between', () => {
  const pairs = pairDecisions([pick(1, 0), pick(3, 1)], [pick(1, 0), pick(2, 2), pick(3, 1)]);
  expect(pairs.map((pair) => pair?.request)).toEqual([1, 3]);
});

test('a request that is picked for twice is paired first with first, second with second', () => {
  const mine = [pick(1, 0), pick(1, 1)];
  expect(pairDecisions(mine, [pick(1, 0), pick(1, 2)]).map((pair) => pair?.backend)).toEqual([0, 2]);
});

test('the first difference is told, and where it first costs', () => {
  expect(words([pick(1, 0), pick(2, 1), pick(3, 1, true)], [pick(1, 0), pick(2, 0), pick(3, 0)])).toBe(
    'The first difference is decision 2 of 3, at 2\u00a0ms; the first that breaks the check is decision 3 of 3, at 3\u00a0ms. 2 of 3 differ.',
  );
  expect(words([pick(1, 0), pick(2, 1, true)], [pick(1, 0), pick(2, 0)])).toBe(
    'The first difference is decision 2 of 2, at 2\u00a0ms, and it breaks the check. No other differs.',
  );
});

test('a decision that the other was never asked for is a difference', () => {
  const mine = [admit(1, 'admitted'), admit(2, 'refused', true)];
  const pairs = pairCalls(mine, [admit(1, 'admitted')]);
  expect(partingOf(mine, pairs, answeredAlike)).toEqual({ first: 1, costly: 1, count: 1 });
});

test('who was not asked changed nothing either', () => {
  const mine = [admit(1, 'as it was'), admit(2, 'unhealthy')];
  expect(partingOf(mine, pairCalls(mine, []), answeredAlike)).toEqual({ first: 1, costly: undefined, count: 1 });
});

test('cookies of their own making are no difference, neither in what was asked nor in what was answered', () => {
  const session = (ticket: string, home: string, set: string): ToldDecision[] =>
    [
      { atUs: 1000, call: 'find', request: 4, asked: `request 4, cookie SERVERID=${ticket}`, answered: home },
      { atUs: 1000, call: 'remember', request: 4, asked: 'request 4 went to s1', answered: set },
    ].map((call) => ({ call, line: 0, costly: false }));
  const parting = (mine: ToldDecision[], theirs: ToldDecision[]) =>
    partingOf(mine, pairCalls(mine, theirs), answeredAlike)?.count;
  const mine = session('17', 'belongs to s1', 'sets SERVERID=99');
  expect(parting(mine, session('c4', 'belongs to s1', 'sets SERVERID=f0'))).toBeUndefined();
  expect(parting(mine, session('c4', 'belongs to s2', 'sets no cookie'))).toBe(2);
});

const folder = new URL('../../../katas', import.meta.url).pathname;

describe.each(kataSlugs(folder))('beside a run of the kata %s', (slug) => {
  const { policy, scenarios } = readKataFolder(folder, slug);

  test('stand the reference and policies that fit each of its worlds', () => {
    for (const { scenario } of scenarios) {
      const others = othersOf(policy, scenario);
      expect(others[0]).toMatchObject({ id: 'reference', world: scenario });
      expect(new Set(others.map(({ id }) => id)).size).toBe(others.length);
      for (const { name, world } of others) expect(policyProblems(world), `${scenario.name}: ${name}`).toEqual([]);
    }
  });
});
