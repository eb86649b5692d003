import { expect, test } from 'vitest';
import { BackendView } from '../../../engine/core/backend.ts';
import type { LoadReport } from '../../../engine/core/policy.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { RequestView, setTried } from '../../../engine/core/request.ts';
import { prequal } from '../../../engine/pickers/prequal.ts';
import type { PrequalOptions } from '../../../engine/pickers/prequal.ts';

const template = { client: 'c1', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };

function setup(count: number, options: PrequalOptions = {}) {
  const views = Array.from({ length: count }, (_, slot) => new BackendView(slot, `b${slot}`, 'a', 1));
  const picker = prequal(options);
  const ctx = { nowUs: 0, rng: new Prng(1) };
  picker.onPoolChange?.(views, ctx);
  const answer = (slot: number, inFlight: number, latencyUs: number) => {
    const load: LoadReport = { inFlight, latencyUs, utilisation: 0, rateRps: 0, errorsRps: 0 };
    picker.onProbe?.(views[slot]!, load, ctx);
  };
  const request = new RequestView(1, 1, template);
  const pick = (tried: readonly number[] = []) => {
    setTried(
      request,
      tried.map((slot) => views[slot]!),
    );
    return picker.pick(views, request, ctx)?.id;
  };
  return { views, picker, ctx, answer, request, pick };
}

test('the fastest of the cold is chosen, and not again when the request was there before', () => {
  const { answer, pick } = setup(4, { removalsPerRequest: 0, quantile: 0.5 });
  answer(0, 50, 1);
  answer(1, 2, 900);
  answer(2, 3, 400);
  // Reported: 2, 3, 50. The median is 3, so b0 is hot, however fast.
  expect(pick()).toBe('b2');
  expect(pick([2])).toBe('b1');
});

test('each use counts as one request more there: it gets hot, and others have their turn', () => {
  const { answer, pick } = setup(4, { removalsPerRequest: 0, quantile: 0.5 });
  answer(0, 3, 100);
  answer(1, 3, 200);
  answer(2, 3, 300);
  expect([pick(), pick(), pick(), pick()]).toEqual(['b0', 'b1', 'b2', 'b0']);
});

test('answers older than a second are forgotten, and with fewer than two left the choice is random', () => {
  const { answer, pick, ctx } = setup(4, { removalsPerRequest: 0 });
  answer(0, 1, 1);
  answer(1, 1, 2);
  ctx.nowUs = 1_000_000;
  expect(pick()).toBe('b0');
  ctx.nowUs = 1_000_001;
  const ids = new Set(Array.from({ length: 100 }, () => pick()));
  expect(ids.size).toBe(4);
});

test('an answer that comes after its backend has left is not used', () => {
  const { answer, pick, picker, views, ctx } = setup(4, { removalsPerRequest: 0 });
  answer(1, 5, 900);
  answer(2, 5, 800);
  picker.onPoolChange?.(views.slice(1), ctx);
  answer(0, 0, 1);
  expect(pick()).toBe('b2');
});

test('after each pick one answer goes, the oldest and the worst in turn', () => {
  const { answer, pick } = setup(8, { probesPerRequest: 3, removalsPerRequest: 1 });
  for (let slot = 0; slot < 6; slot += 1) answer(slot, 0, [600, 500, 100, 200, 300, 400][slot]!);
  // A use makes an answer hot here, so the next pick goes to the next fastest. Dropped: b0 as the oldest, b2 as the hottest, b1 as the oldest, b3 as the hottest. What is
  // left is b4 and b5, both hot by now, and b4 is faster.
  expect([pick(), pick(), pick(), pick(), pick()]).toEqual(['b2', 'b3', 'b4', 'b5', 'b4']);
});

test('it probes three different backends for each request; two and a half by turns of two and three', () => {
  const { picker, views, request, ctx } = setup(50);
  for (let i = 0; i < 200; i += 1) {
    const probed = picker.probes!(views, request, ctx);
    expect(new Set(probed).size).toBe(3);
  }
  const halves = setup(50, { probesPerRequest: 2.5 });
  const counts = [1, 2, 3, 4].map(() => halves.picker.probes!(halves.views, halves.request, halves.ctx).length);
  expect(counts).toEqual([2, 3, 2, 3]);
});

test('each backend is probed as often as any other', () => {
  const { picker, views, request, ctx } = setup(10);
  const counts = new Map<string, number>();
  for (let i = 0; i < 10_000; i += 1)
    for (const { id } of picker.probes!(views, request, ctx)) counts.set(id, (counts.get(id) ?? 0) + 1);
  // Each request probes one with probability 3/10: binomial, mean 3,000, standard deviation 45.8; five of them.
  for (const count of counts.values()) expect(Math.abs(count - 3_000)).toBeLessThan(230);
  expect(counts.size).toBe(10);
});
