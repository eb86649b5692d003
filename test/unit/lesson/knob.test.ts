import { expect, test } from 'vitest';
import { type Scenario, Simulation, frameWriter, policiesFor } from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';
import { castOf } from '../../../src/components/lesson/cast.ts';
import {
  type Knob,
  actionsOf,
  fieldOf,
  fill,
  rebuilt,
  valueWords,
  withFields,
} from '../../../src/components/lesson/knob.ts';

const scenario: Scenario = parseScenario(
  {
    name: 'three',
    title: 'Three',
    shows: 'Three backends.',
    durationUs: 2_000_000,
    clients: [{ id: 'web', arrivals: { kind: 'constant', rateRps: 30 } }],
    pools: [
      {
        picker: { name: 'smooth-weighted-round-robin' },
        backends: ['s1', 's2', 's3'].map((id) => ({ id, service: { default: { kind: 'constant', valueUs: 50_000 } } })),
      },
    ],
  },
  'a test',
);

const weights: Knob = {
  label: 'Weight',
  min: 1,
  max: 4,
  step: 1,
  value: 1,
  apply: 'set-weight',
  backends: ['s1', 's2'],
};
const picker: Knob = {
  label: 'Swap in',
  value: 0,
  choices: [{ label: 'weights' }, { label: 'random', set: { '/pools/0/picker/name': 'random' } }],
};

test('a knob on the running world is actions at this moment and no new world', () => {
  expect(actionsOf(weights, scenario, 3, 500)).toEqual([
    { do: 'set-weight', atUs: 500, backend: 's1', weight: 3 },
    { do: 'set-weight', atUs: 500, backend: 's2', weight: 3 },
  ]);
  expect(rebuilt(weights, scenario, 3)).toBeUndefined();
});

test('slowness 1 is a recovery', () => {
  const slow: Knob = { ...weights, apply: 'slow', backends: ['s1'] };
  expect(actionsOf(slow, scenario, 1, 0)).toEqual([{ do: 'recover', atUs: 0, backend: 's1' }]);
  expect(actionsOf(slow, scenario, 5, 0)).toEqual([{ do: 'slow', atUs: 0, backend: 's1', factor: 5 }]);
});

test('a choice changes the world it is opened in and leaves the scenario as it was', () => {
  const world = rebuilt(picker, scenario, 1)!;
  expect(world.pools[0]!.picker.name).toBe('random');
  expect(scenario.pools[0]!.picker.name).toBe('smooth-weighted-round-robin');
  expect(rebuilt(picker, scenario, 0)).toEqual(scenario);
  expect(actionsOf(picker, scenario, 1, 0)).toEqual([]);
});

test('a pointer sets, takes out, and complains about a field that is nowhere', () => {
  const changed = withFields(scenario, { '/clients/0/timeoutUs': 1000 });
  expect(fieldOf(changed, '/clients/0/timeoutUs')).toBe(1000);
  expect(fieldOf(withFields(changed, { '/clients/0/timeoutUs': null }), '/clients/0/timeoutUs')).toBeNull();
  expect(() => withFields(scenario, { '/clients/7/timeoutUs': 1 })).toThrow('no field /clients/7/timeoutUs');
});

test('a consequence is filled from the state of the world', () => {
  const simulation = new Simulation(scenario, policiesFor(scenario));
  const frames = frameWriter(simulation);
  simulation.apply({ do: 'set-weight', atUs: 0, backend: 's1', weight: 2 });
  simulation.runUntil(1_000_000);
  const words = (template: string): string =>
    fill(template, weights, 2, castOf(scenario), frames.next()).replaceAll('\u00a0', ' ');
  expect(words('{value}, so {share:s1}; s2 {share:s2}')).toBe('2, so 50 %; s2 25 %');
  expect(words('{capacity:s1} {rate:s2} {weight:s1} {failed}')).toBe('20/s 7.5/s 2 0');
  expect(words('{nothing} {share:s9}')).toBe('{nothing} {share:s9}');
});

test('a value is written with its unit, a choice by its name', () => {
  expect(valueWords({ ...weights, unit: 's' }, 2)).toBe('2\u00a0s');
  expect(valueWords(picker, 1)).toBe('random');
});
