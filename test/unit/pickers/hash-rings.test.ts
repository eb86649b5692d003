import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BackendView, setInFlight } from '../../../engine/core/backend.ts';
import type { Picker } from '../../../engine/core/policy.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { RequestView, setTried } from '../../../engine/core/request.ts';
import { haproxyConsistentHash } from '../../../engine/pickers/haproxy-consistent-hash.ts';
import { haproxyMapHash } from '../../../engine/pickers/haproxy-map-hash.ts';
import { ketama } from '../../../engine/pickers/ketama.ts';
import { nginxHash } from '../../../engine/pickers/nginx-hash.ts';
import { nginxIpHash } from '../../../engine/pickers/nginx-ip-hash.ts';
import { firstAtLeast, sortedRing } from '../../../engine/pickers/ring.ts';

const KEYS = 5000;
const ctx = { nowUs: 0, rng: new Prng(1) };
const template = { client: 'c', class: 'd', method: 'GET', host: 'h', path: '/', headers: {} };

function requestOf(key: number): RequestView {
  return new RequestView(key + 1, key + 1, { ...template, headers: { 'x-key': `key-${key}` } }, 256 * key);
}

function backends(count: number): BackendView[] {
  return Array.from({ length: count }, (_, i) => new BackendView(i, `b${i}`, 'a', 10));
}

/** Whom each key goes to; `out` is eligible no longer, `gone` is configured no longer. */
function owners(make: () => Picker, all: readonly BackendView[], { out = -1, gone = -1 } = {}): (string | undefined)[] {
  const picker = make();
  const members = all.filter((_, i) => i !== gone);
  const eligible = members.filter((view) => view !== all[out]);
  picker.onMembersChange?.(members, ctx);
  picker.onPoolChange?.(eligible, ctx);
  return Array.from({ length: KEYS }, (_, key) => picker.pick(eligible, requestOf(key), ctx)?.id);
}

const key = 'header:x-key';
const consistent = { ketama: () => ketama({ key }), 'HAProxy consistent': () => haproxyConsistentHash({ key }) };

for (const [name, make] of Object.entries(consistent)) {
  test(`${name}: a backend that leaves moves its keys, about one in n, and no other`, () => {
    const all = backends(10);
    const before = owners(make, all);
    const after = owners(make, all, { gone: 3 });
    const moved = before.filter((id, i) => id !== after[i]);
    expect(new Set(moved)).toEqual(new Set(['b3']));
    // With 160 points a share scatters by 1 / sqrt(160) = 8 % of itself and by 4 % for 500 keys: 0.1 within 5 deviations of 9 %.
    expect(Math.abs(moved.length / KEYS - 0.1)).toBeLessThan(0.045);
  });
}

for (const [name, make] of Object.entries({
  'nginx hash': () => nginxHash({ key }),
  'nginx ip_hash': nginxIpHash,
  ketama: () => ketama({ key }),
})) {
  test(`${name}: a backend that is out but configured moves only its own keys`, () => {
    const all = backends(5);
    const before = owners(make, all);
    const after = owners(make, all, { out: 2 });
    expect(new Set(before.filter((id, i) => id !== after[i]))).toEqual(new Set(['b2']));
  });

  test(`${name}: a retry goes to somebody else, a full backend gets nothing, and when all are full it declines`, () => {
    const all = backends(3).map((_, i) => new BackendView(i, `b${i}`, 'a', 1, { maxConnections: 1 }));
    const picker = make();
    picker.onMembersChange?.(all, ctx);
    picker.onPoolChange?.(all, ctx);
    const request = requestOf(7);
    const first = picker.pick(all, request, ctx)!;
    setTried(request, [first]);
    const second = picker.pick(all, request, ctx)!;
    expect(second).not.toBe(first);
    setInFlight(all[all.findIndex((view) => view === second)]!, 1);
    const third = picker.pick(all, request, ctx);
    expect([first, second]).not.toContain(third);
    for (const view of all) setInFlight(view, 1);
    expect(picker.pick(all, requestOf(8), ctx)).toBeUndefined();
  });
}

test('a map of HAProxy moves nearly all keys when a backend leaves', () => {
  const all = backends(5);
  const before = owners(() => haproxyMapHash({ key }), all);
  const after = owners(() => haproxyMapHash({ key }), all, { gone: 4 });
  // A hash keeps its slot if it is the same modulo 5 and modulo 4: 4 of 20. Standard deviation sqrt(0.2 * 0.8 / 5000) = 0.0057.
  expect(Math.abs(before.filter((id, i) => id !== after[i]).length / KEYS - 0.8)).toBeLessThan(5 * 0.0057);
});

test('the first point at or after a hash is found, however the points lie', () => {
  const hash = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(fc.array(fc.oneof(hash, fc.nat(50)), { maxLength: 300 }), hash, fc.nat(60), (points, one, other) => {
      const ring = sortedRing(Uint32Array.from(points), new Int32Array(points.length));
      const sorted = points.toSorted((a, b) => a - b);
      expect([...ring.hashes]).toEqual(sorted);
      for (const asked of [one, other]) {
        expect(firstAtLeast(ring, asked)).toBe(sorted.filter((point) => point < asked).length);
      }
    }),
  );
});
