import { expect, test } from 'vitest';
import { routes, smoothWeighted, thresholds } from '../../../src/components/lesson/worked.ts';

const results = (steps: readonly { result: string }[]): string => steps.map(({ result }) => result).join(' ');

test('smooth weighted round robin takes the picks of nginx, step by step', () => {
  const steps = smoothWeighted({ a: 5, b: 1, c: 1 }, 7);
  expect(results(steps)).toBe('a a b a c a a');
  const third = steps[2]!;
  expect(third.bars.map(({ value }) => value)).toEqual([1, 3, 3]);
  expect(third.bars[1]).toMatchObject({ chosen: true, after: -4 });
  expect(third.note).toBe(
    'b and c tie at 3. The first in the list wins. It pays the total of all weights, 7, which leaves −4.',
  );
});

test('thresholds go out after the third failure in a row and come back after the second success', () => {
  const steps = thresholds(3, 2, [true, false, false, true, false, false, false, true, true]);
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
  const steps = routes({ '/': 'web', '/video': 'gpu', '/video/thumbs': 'cheap' }, [
    '/video/7',
    '/videos',
    '/video/thumbs/1',
  ]);
  expect(results(steps)).toBe('gpu web cheap');
});
