import { expect, test } from 'vitest';
import { flows } from '../../../src/components/lesson/worked/flows.ts';
import { leastConnections } from '../../../src/components/lesson/worked/least-connections.ts';
import { ring } from '../../../src/components/lesson/worked/ring.ts';
import { routes } from '../../../src/components/lesson/worked/routes.ts';
import { smoothWeighted } from '../../../src/components/lesson/worked/smooth-weighted.ts';
import { stickyCookie } from '../../../src/components/lesson/worked/sticky-cookie.ts';
import { thresholds } from '../../../src/components/lesson/worked/thresholds.ts';
import { twoChoices } from '../../../src/components/lesson/worked/two-choices.ts';
import { vrrp } from '../../../src/components/lesson/worked/vrrp.ts';

const results = (steps: readonly { result: string }[]): string => steps.map(({ result }) => result).join(' ');

test('smooth weighted round robin takes the picks of nginx, step by step', () => {
  const steps = smoothWeighted({ weights: { a: 5, b: 1, c: 1 }, picks: 7 });
  expect(results(steps)).toBe('a a b a c a a');
  const third = steps[2]!;
  expect(third.bars.map(({ value }) => value)).toEqual([1, 3, 3]);
  expect(third.bars[1]).toMatchObject({ chosen: true, after: -4 });
  expect(third.note).toBe(
    'b and c tie at 3. The first in the list wins. It pays the total of all weights, 7, which leaves −4.',
  );
});

test('thresholds go out after the third failure in a row and come back after the second success', () => {
  const steps = thresholds({ fall: 3, rise: 2, probes: 'ok fail fail ok fail fail fail ok ok' });
  expect(results(steps)).toBe('in in in in in in out out in');
  expect(steps.map(({ phase }) => phase)).toEqual([
    'pass',
    'fail',
    'fail',
    'pass',
    'fail',
    'fail',
    'down',
    'pass',
    'up',
  ]);
});

test('the longest prefix wins, by whole segments of the path', () => {
  const steps = routes({
    routes: { '/': 'web', '/video': 'gpu', '/video/thumbs': 'cheap' },
    paths: ['/video/7', '/videos', '/video/thumbs/1'],
  });
  expect(results(steps)).toBe('gpu web cheap');
});

test('least connections divides by the weight, takes the least and says when it was a tie', () => {
  const steps = leastConnections({
    inFlight: { a: 20, b: 12, c: 10 },
    weights: { a: 5, b: 3, c: 2 },
    events: 'pick, pick, end c, end c, pick',
  });
  expect(steps[0]!.note).toMatch(/^a and b tie at 4\./);
  expect(steps[0]!.bars.map(({ words }) => words)).toEqual(['20 / 5 = 4', '12 / 3 = 4', '10 / 2 = 5']);
  expect(new Set([steps[0]!.result, steps[1]!.result])).toEqual(new Set(['a', 'b']));
  expect(steps[2]).toMatchObject({ phase: 'end', result: '−c' });
  expect(steps[4]!.result).toBe('c');
});

test('on a ring a key goes to the next point, and only the keys of a backend that leaves move', () => {
  const keys = ['/a', '/b', '/c', '/d', '/e', '/f'];
  const steps = ring({ backends: ['s1', 's2', 's3'], events: [...keys, '- s2', ...keys] });
  const before = steps.slice(0, 6).map(({ result }) => result);
  const after = steps.slice(7).map(({ result }) => result);
  expect(steps[6]).toMatchObject({ phase: 'change', result: '−s2' });
  before.forEach((owner, index) => {
    if (owner === 's2') expect(after[index]).not.toBe('s2');
    else expect(after[index]).toBe(owner);
  });
});

test('of two different backends drawn the less busy one is picked', () => {
  const steps = twoChoices({ inFlight: { a: 4, b: 1, c: 3, d: 0 }, picks: 6 });
  expect(steps).toHaveLength(6);
  for (const { bars, result } of steps) {
    const drawn = bars.filter(({ words }) => words?.endsWith('drawn'));
    expect(drawn).toHaveLength(2);
    const least = Math.min(...drawn.map(({ value }) => value));
    expect(drawn.filter(({ value }) => value === least).map(({ name }) => name)).toContain(result);
  }
});

test('a sticky cookie leads back to the session, past turns, until the backend crashes, and after that to another', () => {
  const steps = stickyCookie({
    backends: ['s1', 's2', 's3'],
    events: ['ana', 'ben', 'ana', '- s1', 'ana', 'ben', '+ s1', 'ana', 'cem'],
  });
  expect(results(steps)).toBe('s1 s2 s1 −s1 s3 s2 +s1 s3 s2');
  expect(steps.map(({ phase }) => phase).join(' ')).toBe('picked picked found crash picked found back found picked');
  expect(steps[3]!.note).toContain('the session of ana.');
  expect(steps[4]!.note).toContain('401');
  expect(steps[3]!.bars.map(({ value, words }) => `${value} ${words}`)).toEqual(['0 down', '1 ben', '0 none']);
});

test('of two backups the one of higher priority takes over, yields to the master, and waits its skew alone after a resignation', () => {
  const steps = vrrp({
    master: { lb1: 200 },
    backups: { lb2: 100, lb3: 50 },
    interval: 1,
    events: 'advert, silence 1, silence 2, expire, advert, resign, expire',
  });
  expect(results(steps)).toBe('lb1 – – lb2 lb1 – lb2');
  expect(steps[0]!.bars.map(({ words }) => words)).toEqual(['3.609\u00a0s', '3.805\u00a0s']);
  expect(steps[5]!.bars.map(({ words }) => words)).toEqual(['0.609\u00a0s', '0.805\u00a0s']);
  expect(steps.map(({ phase }) => phase)).toEqual([
    'advert',
    'silence',
    'silence',
    'expire',
    'yield',
    'resign',
    'expire',
  ]);
});

test('connections break that come to a balancer which chooses otherwise, and none where all balancers choose alike', () => {
  const told = (table: string) =>
    flows({
      nodes: ['lb1', 'lb2', 'lb3'],
      backends: ['s1', 's2', 's3', 's4'],
      table,
      events: 'open 1, open 2, open 3, open 4, open 5, dies lb2, packet 1, packet 2, packet 3, packet 4, packet 5',
    });
  expect(told('private-hash').filter(({ result }) => result === 'reset').length).toBeGreaterThan(0);
  const alike = told('maglev').map(({ result }) => result);
  expect(alike.slice(6)).toEqual(alike.slice(0, 5));
  expect(told('maglev')[6]!.bars[1]).toMatchObject({ value: 0, words: 'dead' });
});
