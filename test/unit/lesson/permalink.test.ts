import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMoment, writeMoment } from '../../../src/components/lesson/permalink.ts';

const moment = fc.record({
  scenario: fc.stringMatching(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  seed: fc.integer({ min: 0, max: 0xffffffff }),
  atUs: fc.integer({ min: 0, max: 600_000_000 }),
  knob: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  turns: fc.array(
    fc.record({ atUs: fc.integer({ min: 0, max: 600_000_000 }), value: fc.integer({ min: 0, max: 99 }) }),
    {
      maxLength: 4,
    },
  ),
});

test('a link leads back to the moment it was made at', () => {
  fc.assert(
    fc.property(moment, (made) => {
      const knob = Object.is(made.knob, -0) ? 0 : made.knob;
      expect(readMoment(writeMoment('figure-4-3', { ...made, knob }), 'figure-4-3')).toEqual({ ...made, knob });
    }),
  );
});

test('a link to another figure, another part of the page or nothing is not followed', () => {
  const link = writeMoment('figure-4-3', { scenario: 'x', seed: 1, atUs: 0, knob: 0, turns: [] });
  expect(readMoment(link, 'figure-4-1')).toBeUndefined();
  expect(readMoment('#experiment', 'figure-4-3')).toBeUndefined();
  expect(readMoment('', 'figure-4-3')).toBeUndefined();
});

test('a damaged link is not followed', () => {
  for (const damage of [
    'seed=one',
    'seed=99999999999',
    't=-1',
    't=',
    'knob=NaN',
    'turns=1',
    'turns=a:b',
    'scenario=',
  ]) {
    const key = damage.split('=')[0]!;
    const sound = new Map([
      ['scenario', 'x'],
      ['seed', '1'],
      ['t', '5'],
      ['knob', '0'],
      ['turns', '1:2'],
    ]);
    sound.set(key, damage.slice(key.length + 1));
    const fragment = `#figure-4-3;${[...sound].map(([name, value]) => `${name}=${value}`).join(';')}`;
    const read = readMoment(fragment, 'figure-4-3');
    expect([damage, read]).toEqual([damage, undefined]);
  }
});
