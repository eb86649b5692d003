import { expect, test } from 'vitest';
import { revealed } from '../../../engine/grade/reveal.ts';
import { seedIn, VariationError, worldOf } from '../../../engine/grade/variation.ts';
import type { Scenario, ScenarioVerdict, Variation } from '../../../engine/index.ts';
import { alike, constant, world } from '../world/build.ts';

const scenario = world({
  pools: [{ picker: { name: 'round-robin' }, backends: alike(6, { service: { default: constant(10) } }) }],
});
const rateOf = ({ clients }: Scenario): unknown => (clients[0]!.arrivals as { rateRps?: number }).rateRps;
const varied = (seed: number, ...varies: Variation[]) => worldOf({ scenario, varies }, seed);

test('without variations every attempt meets the same world', () => {
  expect(worldOf({ scenario }, 1)).toBe(scenario);
});

test('the seed draws numbers, choices and how many, within what is written, and leaves the document as it was', () => {
  const before = JSON.stringify(scenario);
  const counts = new Set<number>();
  for (let seed = 0; seed < 200; seed += 1) {
    const drawn = varied(
      seed,
      { at: 'clients.0.arrivals.rateRps', from: 5, to: 7 },
      { at: 'clients.0.arrivals.kind', of: ['poisson', 'constant'] },
      { at: 'pools.0.backends', count: [2, 6] },
      { at: 'pools.0.backends.*.weight', from: 1, to: 9 },
    );
    const { pools } = drawn;
    expect([5, 6, 7]).toContain(rateOf(drawn));
    counts.add(pools[0]!.backends.length);
    expect(new Set(pools[0]!.backends.map(({ weight }) => weight)).size).toBeGreaterThanOrEqual(1);
  }
  expect([...counts].toSorted()).toEqual([2, 3, 4, 5, 6]);
  expect(JSON.stringify(scenario)).toBe(before);
});

test('a variation more moves no other, and the same seed draws the same', () => {
  const rate: Variation = { at: 'clients.0.arrivals.rateRps', from: 1, to: 1000 };
  const alone = rateOf(varied(9, rate));
  expect(rateOf(varied(9, { at: 'pools.0.backends', count: [1, 6] }, rate))).toBe(alone);
});

test('a place that is not there is an error that says what to write', () => {
  expect(() => varied(1, { at: 'clients.0.rate', from: 1, to: 2 })).toThrow(VariationError);
  expect(() => varied(1, { at: 'clients.0.rate', from: 1, to: 2 })).toThrow(/there is no "clients\.0\.rate"/);
});

test('an attempt gives each of its tests a seed of its own', () => {
  const seeds = [1, 2, 3].map((number) => seedIn(77, { suite: 'hidden', number }));
  expect(new Set(seeds).size).toBe(3);
  expect(seedIn(77, { suite: 'hidden', number: 2 })).toBe(seeds[1]);
  expect(seedIn(78, { suite: 'hidden', number: 2 })).not.toBe(seeds[1]);
});

test('each level shows less of a failure, and of ours everything', () => {
  const failed: ScenarioVerdict = {
    suite: 'hidden',
    number: 1,
    name: 'n',
    title: 't',
    seed: 4,
    status: 'failed',
    tape: {},
    failure: {
      kind: 'wrong-answer',
      title: 'a title',
      chose: 'x',
      better: 'y',
      when: { atUs: 1, request: 1 },
      costlyUs: [1],
    },
  };
  expect(revealed(failed)).toBe(failed);
  expect(revealed(failed, 'message')).toMatchObject({ seed: 4, failure: { chose: 'x', better: 'y' } });
  expect(revealed(failed, 'message')).not.toHaveProperty('tape');
  expect(revealed(failed, 'message').failure).not.toHaveProperty('when');
  expect(revealed(failed, 'description').failure).toEqual({ kind: 'wrong-answer', title: 'a title' });
  expect(revealed(failed, 'points')).toEqual({
    suite: 'hidden',
    number: 1,
    name: 'n',
    title: 't',
    seed: 4,
    status: 'failed',
  });
  const ours = { ...failed, failure: { kind: 'engine-fault' as const, title: 'Our fault', message: 'm' } };
  expect(revealed(ours, 'points').failure).toEqual(ours.failure);
});
