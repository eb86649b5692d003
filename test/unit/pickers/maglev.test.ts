import { describe, expect, test } from 'vitest';
import { BackendView, setInFlight } from '../../../engine/core/backend.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { RequestView, setTried } from '../../../engine/core/request.ts';
import { maglev } from '../../../engine/pickers/maglev.ts';
import { envoyRow } from '../../../engine/pickers/maglev-rows.ts';
import { maglevTable, tableSizeProblem } from '../../../engine/pickers/maglev-table.ts';
import type { MaglevScheme } from '../../../engine/pickers/maglev-table.ts';
import { countsOf, SmallPool } from '../../contract/small-pool.ts';

const SIZE = 65_537;
const named = (count: number, weight = 1) =>
  Array.from({ length: count }, (_, i) => ({ ...envoyRow(`10.0.${i >> 8}.${i & 255}:80`, SIZE), weight }));
const slots = (table: Int32Array, owners: number) => {
  const counts = Array.from({ length: owners }, () => 0);
  for (const owner of table) counts[owner]! += 1;
  return counts;
};

describe('the table', () => {
  test.each([3, 10, 100])('of %i equal backends gives each the same number of slots, but for one', (count) => {
    const counts = slots(maglevTable('envoy', SIZE, named(count)), count);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  test.each(['envoy', 'katran-v2', 'cilium'] as MaglevScheme[])('in the form %s follows the weights', (scheme) => {
    const weights = [5, 1, 3, 1];
    const claimants = named(4).map((claimant, i) => ({ ...claimant, weight: weights[i]! }));
    slots(maglevTable(scheme, SIZE, claimants), 4).forEach((count, i) => {
      // Nobody is more than a few turns away from a whole number of rounds of ten.
      expect(Math.abs(count - (SIZE * weights[i]!) / 10)).toBeLessThan(10);
    });
  });

  test('in the form katran-v1 all but forgets the weights', () => {
    const claimants = named(3).map((claimant, i) => ({ ...claimant, weight: i === 0 ? 100 : 1 }));
    const counts = slots(maglevTable('katran-v1', SIZE, claimants), 3);
    expect(counts[0]! - counts[1]!).toBeGreaterThanOrEqual(99);
    expect(counts[0]! - counts[1]!).toBeLessThanOrEqual(100);
  });

  test.each([
    [5, 0.005],
    [10, 0.01],
    [100, 0.01],
  ])('keeps the slots of the others when one of %i leaves, but for a share of %f', (count, share) => {
    const before = maglevTable('envoy', SIZE, named(count));
    const after = maglevTable('envoy', SIZE, named(count).slice(0, -1));
    const changed = before.filter((owner, slot) => owner !== count - 1 && owner !== after[slot]).length;
    // Some do move: the disruption is small, not minimal. The published figures for 5 and 10 are 0.11 % and 0.24 %.
    expect(changed).toBeGreaterThan(0);
    expect(changed / SIZE).toBeLessThan(share);
  });

  test('is refused unless its size is prime, and the message names the nearest primes', () => {
    expect(tableSizeProblem(65_536)).toBe('The table size 65536 is not a prime number; write 65521 or 65537.');
    expect(tableSizeProblem(1)).toMatch(/too small/);
    expect(tableSizeProblem(5_000_012)).toMatch(/too large; write a prime number up to 5000011/);
    expect(() => maglev({ tableSize: 8 })).toThrow(/write 7 or 11/);
  });
});

describe('the picker', () => {
  test('sends one key to one backend', () => {
    const pool = new SmallPool(maglev({ key: 'path', tableSize: 1009 }), 1, [1, 1, 1]);
    const [first] = pool.sequence(1);
    expect(countsOf(pool.sequence(50))).toEqual({ [first!]: 50 });
  });

  test('sends the keys of a full backend to others, and declines when all are full', () => {
    const views = [0, 1, 2].map((slot) => new BackendView(slot, `b${slot}`, 'a', 1, { maxConnections: 1 }));
    const ctx = { nowUs: 0, rng: new Prng(1) };
    const template = { client: 'c', class: 'default', method: 'GET', host: 'h', path: '/', headers: {} };
    const picker = maglev({ key: 'path', tableSize: 1009 });
    picker.onPoolChange!(views, ctx);
    const picked = [1, 2, 3].map((id) => {
      const backend = picker.pick(views, new RequestView(id, id, template), ctx) as BackendView;
      setInFlight(backend, 1);
      return backend.id;
    });
    expect(picked.sort()).toEqual(['b0', 'b1', 'b2']);
    expect(picker.pick(views, new RequestView(4, 4, template), ctx)).toBeUndefined();
  });

  test('a retry goes to somebody who was not tried', () => {
    const pool = new SmallPool(maglev({ key: 'path', tableSize: 1009 }), 1, [1, 1, 1]);
    const first = pool.send()!;
    const template = { client: 'c', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };
    const again = new RequestView(2, 2, template);
    setTried(again, [first]);
    const second = pool.picker.pick(pool.eligible, again, pool.ctx);
    expect(second).toBeDefined();
    expect(second).not.toBe(first);
  });

  test('the order of the configuration moves nothing in the form envoy', () => {
    const one = new SmallPool(maglev({ tableSize: 1009 }), 1, [1, 1, 1, 1]);
    const other = new SmallPool(maglev({ tableSize: 1009 }), 1, []);
    for (let i = 0; i < 4; i++) other.add(1, 0);
    expect(other.sequence(200)).toEqual(one.sequence(200));
  });
});
