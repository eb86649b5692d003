import { expect, test } from 'vitest';
import { random } from '../../../engine/pickers/random.ts';
import { SmallPool } from '../../contract/small-pool.ts';

test('each pick is one draw from the stream of the context', () => {
  const pool = new SmallPool(random(), 2, [1, 1, 1, 1]);
  const twin = new SmallPool(random(), 2, [1, 1, 1, 1]);
  const drawn = Array.from({ length: 100 }, () => `b${twin.ctx.rng.int(4)}`);
  expect(pool.sequence(100)).toEqual(drawn);
});
