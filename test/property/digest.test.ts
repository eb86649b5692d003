import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Digest } from '../../engine/core/digest.ts';

const numbers = fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 40 });

function digestOf(values: readonly number[]): string {
  const digest = new Digest();
  for (const value of values) digest.add(value);
  return digest.hex();
}

test('a change of one number, anywhere, changes the digest', () => {
  fc.assert(
    fc.property(numbers, fc.nat(), fc.maxSafeInteger(), (values, at, other) => {
      const index = at % values.length;
      fc.pre(values[index] !== other);
      expect(digestOf(values.with(index, other))).not.toBe(digestOf(values));
    }),
    { numRuns: 1000 },
  );
});

test('a number more, a number less or two that trade places change the digest', () => {
  fc.assert(
    fc.property(numbers, fc.nat(), (values, at) => {
      const index = at % values.length;
      expect(digestOf([...values, 0])).not.toBe(digestOf(values));
      expect(digestOf(values.toSpliced(index, 1))).not.toBe(digestOf(values));
      const next = (index + 1) % values.length;
      fc.pre(values[index] !== values[next]);
      expect(digestOf(values.with(index, values[next]!).with(next, values[index]!))).not.toBe(digestOf(values));
    }),
  );
});
