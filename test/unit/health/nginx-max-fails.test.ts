import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JudgedPool } from '../../../engine/cli/conform/judged-pool.ts';
import { Rehearsal } from '../../../engine/cli/conform/rehearsal.ts';
import { nginxMaxFails } from '../../../engine/health/nginx-max-fails.ts';
import { nginxRoundRobin } from '../../../engine/pickers/nginx-round-robin.ts';

const SECOND_US = 1_000_000;
const at = (pool: JudgedPool, s: number) => pool.at(s * SECOND_US);

test('a failure takes a peer out for more than ten whole seconds', () => {
  const pool = at(new JudgedPool(nginxMaxFails(), 2), 100.9);
  expect(pool.answer(0, 0)).toBe('unhealthy');
  expect(at(pool, 110.999).sweep('healthy')).toEqual([]);
  expect(at(pool, 111).sweep('healthy')).toEqual([0]);
});

test('then one request goes there alone, and its success brings the peer back', () => {
  const policy = nginxMaxFails();
  const pool = at(new JudgedPool(policy, 2), 100);
  pool.answer(0, 0);
  at(pool, 111).sweep('healthy');
  const ctx = { nowUs: 111 * SECOND_US, rng: { float: () => 0, int: () => 0 } };
  expect(policy.onRequestStart?.(pool.views[0]!, ctx)).toBe('unhealthy');
  const outcome = { kind: 'served', status: 200, latencyUs: 1, bytes: 0 } as const;
  expect(policy.observe(pool.views[0]!, { kind: 'response', outcome }, ctx)).toBe('healthy');
});

test('a trial that nobody hears of again is followed by another after the same time', () => {
  const policy = nginxMaxFails();
  const pool = at(new JudgedPool(policy, 2), 100);
  pool.answer(0, 0);
  at(pool, 111).sweep('healthy');
  policy.onRequestStart?.(pool.views[0]!, { nowUs: 111 * SECOND_US, rng: { float: () => 0, int: () => 0 } });
  expect(at(pool, 121).sweep('healthy')).toEqual([]);
  expect(at(pool, 122).sweep('healthy')).toEqual([0]);
});

test('a pool of one never loses it, and with max_fails 0 nobody goes', () => {
  expect(new JudgedPool(nginxMaxFails(), 1).answer(0, 0)).toBeUndefined();
  expect(new JudgedPool(nginxMaxFails({ maxFails: 0 }), 2).answer(0, 0)).toBeUndefined();
});

test('a status is a failure only if it is named', () => {
  expect(new JudgedPool(nginxMaxFails(), 2).answer(0, 500)).toBeUndefined();
  expect(new JudgedPool(nginxMaxFails({ failures: 'error http_500' }), 2).answer(0, 500)).toBe('unhealthy');
});

test("counts as nginx's own picker does, whatever happens when", () => {
  const step = fc.record({ afterS: fc.nat(8), fails: fc.boolean() });
  const settings = fc.record({
    maxFails: fc.integer({ min: 1, max: 3 }),
    failTimeoutS: fc.integer({ min: 1, max: 6 }),
  });
  fc.assert(
    fc.property(settings, fc.array(step, { maxLength: 60 }), ({ maxFails, failTimeoutS }, steps) => {
      const options = { maxFails, failTimeoutUs: failTimeoutS * SECOND_US };
      const policy = nginxMaxFails(options);
      const judged = new JudgedPool(policy, 2);
      const picker = nginxRoundRobin(options);
      const rehearsal = Rehearsal.ofWeights(picker, [1, 1]).tell();
      let now = 100;
      for (const { afterS, fails } of steps) {
        now += afterS;
        rehearsal.at(now * SECOND_US);
        const slot = rehearsal.pick();
        if (slot === null) continue;
        rehearsal.start(slot);
        rehearsal.end(slot, !fails);
        at(judged, now).answer(slot, fails ? 0 : 200);
        expect(judged.views.map((view) => policy.failsOf(view))).toEqual(
          rehearsal.views.map((view) => picker.standing(view)?.fails),
        );
      }
    }),
  );
});
