import { describe, expect, test } from 'vitest';
import { powerOfTwoChoices } from '../../../engine/pickers/power-of-two-choices.ts';
import { deterministicSubset, subset } from '../../../engine/pickers/subset.ts';
import { SmallPool } from '../../contract/small-pool.ts';

const backends = Array.from({ length: 12 }, (_, i) => i);

describe('the deterministic subset', () => {
  test('deals each backend once in a round of clients', () => {
    const round = [0, 1, 2, 3].flatMap((client) => deterministicSubset(backends, 3, client));
    expect(round.sort((a, b) => a - b)).toEqual(backends);
  });

  test('differs from round to round', () => {
    expect(deterministicSubset(backends, 3, 4)).not.toEqual(deterministicSubset(backends, 3, 0));
  });

  test('is the whole of a pool that is smaller', () => {
    expect(deterministicSubset([1, 2], 3, 7).sort()).toEqual([1, 2]);
  });
});

describe.each(['random', 'deterministic'] as const)('a %s subset', (form) => {
  const usedBy = (change: (pool: SmallPool) => void) => {
    const pool = new SmallPool(
      subset(powerOfTwoChoices(), { form, size: 4, client: 3 }),
      1,
      backends.map(() => 1),
    );
    change(pool);
    return new Set(pool.sequence(500));
  };

  test('uses as many as it is large', () => {
    expect(usedBy(() => undefined).size).toBe(4);
  });

  test('loses one that is out and takes nobody in its place', () => {
    const before = [...usedBy(() => undefined)].sort();
    const out = Number(before[0]!.slice(1));
    expect([...usedBy((pool) => pool.drain(out, true))].sort()).toEqual(before.slice(1));
  });
});
