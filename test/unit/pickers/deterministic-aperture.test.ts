import { describe, expect, test } from 'vitest';
import {
  apertureWidth,
  deterministicAperture,
  normalised,
  overlaps,
} from '../../../engine/pickers/deterministic-aperture.ts';
import { SmallPool } from '../../contract/small-pool.ts';

describe('the arcs', () => {
  test.each([
    [4, 10, 12],
    [5, 30, 12],
    [33, 200, 12],
  ])('of all %i clients cover each of %i backends equally often', (clients, servers, aperture) => {
    const parts = normalised(Array.from({ length: servers }, (_, i) => 1 + (i % 3)));
    const width = apertureWidth(clients, servers, Math.min(aperture, servers));
    const covered = parts.map(() => 0);
    for (let client = 0; client < clients; client++) {
      overlaps(parts, client / clients, width).forEach((part, i) => (covered[i]! += part));
    }
    covered.forEach((sum, i) => expect(sum / parts[i]!).toBeCloseTo(width * clients, 9));
  });

  test('a backend that only touches an arc is not in it', () => {
    expect(overlaps(normalised([1, 1, 1, 1]), 1 / 4, 1 / 4)).toEqual([0, 0.25, 0, 0]);
  });
});

describe('the picker', () => {
  const weights = Array.from({ length: 40 }, () => 1);
  const make = (instance: number) => deterministicAperture({ instance, instances: 4, aperture: 5 });

  test('uses its arc alone', () => {
    // Five of forty backends are half a client's quarter: the arc is one whole quarter.
    const used = new Set(new SmallPool(make(1), 1, weights).sequence(2_000));
    expect([...used].sort()).toEqual(Array.from({ length: 10 }, (_, i) => `b${10 + i}`));
  });

  test('a backend that is out moves no arc', () => {
    const pool = new SmallPool(make(1), 1, weights);
    pool.drain(0, true);
    pool.drain(12, true);
    const used = new Set(pool.sequence(2_000));
    expect(used.size).toBe(9);
    expect(used).not.toContain('b9');
    expect(used).not.toContain('b20');
  });

  test('uses all when its whole arc is out', () => {
    const pool = new SmallPool(make(0), 1, weights);
    for (let i = 0; i < 10; i++) pool.drain(i, true);
    expect(new Set(pool.sequence(2_000)).size).toBe(30);
  });
});
