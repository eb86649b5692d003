import fc from 'fast-check';
import { expect, test } from 'vitest';
import { haproxyMap } from '../../../engine/pickers/haproxy-map.ts';

/** The definition, step by step. */
function asDefined(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scores = weights.map(() => 0);
  return Array.from({ length: total }, () => {
    weights.forEach((weight, i) => (scores[i]! += weight));
    const steps = scores.map((score, i) => (weights[i] === 0 ? -1 : Math.floor((score + total) / total)));
    const best = steps.indexOf(Math.max(...steps));
    scores[best]! -= total;
    return best;
  });
}

test('the map is that of the definition, once round', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 8 }), (weights) => {
      const map = [...haproxyMap(weights)];
      const whole = asDefined(weights);
      expect(whole).toEqual(Array.from({ length: whole.length }, (_, slot) => map[slot % map.length]));
    }),
  );
});

test('weights are divided by their greatest common divisor, and who has 0 gets nothing', () => {
  expect([...haproxyMap([100, 0, 200])]).toEqual([...haproxyMap([1, 0, 2])]);
  expect([...haproxyMap([1, 0, 2])]).toHaveLength(3);
  expect([...haproxyMap([0, 0])]).toEqual([]);
});
