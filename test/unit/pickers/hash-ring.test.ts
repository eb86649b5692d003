import { expect, test } from 'vitest';
import { BackendView, setInFlight } from '../../../engine/core/backend.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { RequestView } from '../../../engine/core/request.ts';
import { hashRing } from '../../../engine/pickers/hash-ring.ts';
import type { HashRingOptions } from '../../../engine/pickers/hash-ring.ts';

const KEYS = 2_000;
const TEMPLATE = { client: 'c', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };

/** Sends each key once; nothing ends. Answers where each went. */
function owners(slots: readonly number[], options: HashRingOptions, maxConnections = Infinity) {
  const views = slots.map((slot) => new BackendView(slot, `b${slot}`, 'a', 1, { maxConnections }));
  const picker = hashRing({ key: 'source', ...options });
  const ctx = { nowUs: 0, rng: new Prng(1) };
  picker.onPoolChange?.(views, ctx);
  return Array.from({ length: KEYS }, (_, key) => {
    const request = new RequestView(key + 1, key + 1, TEMPLATE, key);
    const backend = views.find((view) => view === picker.pick(views, request, ctx));
    if (backend === undefined) return 'nobody';
    setInFlight(backend, backend.inFlight + 1);
    picker.onRequestStart?.(backend, request, ctx);
    return backend.id;
  });
}

test('a backend that leaves gives its keys away, and no other key moves', () => {
  const before = owners([0, 1, 2, 3, 4], {});
  const after = owners([0, 1, 3, 4], {});
  const moved = before.filter((owner, key) => owner !== after[key]);
  expect(new Set(moved)).toEqual(new Set(['b2']));
  expect(moved.length).toBe(before.filter((owner) => owner === 'b2').length);
});

test('the keys of a full backend go on to the next point, and when all are full nobody takes them', () => {
  const free = owners([0, 1, 2], {});
  const full = owners([0, 1, 2], {}, 600);
  expect(full.filter((owner) => owner === 'nobody')).toHaveLength(KEYS - 3 * 600);
  const first = full.findIndex((owner, key) => owner !== free[key]);
  expect(full.slice(0, first).filter((owner) => owner === free[first])).toHaveLength(600);
});

test('with a factor of 110 no backend ever has more than its part of what is under way', () => {
  const went = owners([0, 1, 2, 3], { points: 1, factor: 110 });
  const counts = new Map<string, number>();
  went.forEach((owner, sent) => {
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
    expect(counts.get(owner)).toBeLessThanOrEqual(Math.ceil(((sent + 1) * 1.1) / 4));
  });
});
