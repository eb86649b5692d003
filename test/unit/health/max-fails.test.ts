import { describe, expect, test } from 'vitest';
import { BackendView } from '../../../engine/core/backend.ts';
import type { Outcome } from '../../../engine/core/policy.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { maxFails } from '../../../engine/health/max-fails.ts';

const seconds = 1_000_000;

/** One backend under the policy; times in seconds, each answer given at once. */
function watched(options?: Parameters<typeof maxFails>[0]) {
  const policy = maxFails(options);
  const backend = new BackendView(0, 's1', 'a', 1);
  const at = (s: number) => ({ nowUs: s * seconds, rng: new Prng(1) });
  const saw = (kind: Outcome['kind'], s: number, status = 0, tookS = 0) =>
    policy.observe(
      backend,
      { kind: 'response', outcome: { kind, status, latencyUs: tookS * seconds, bytes: 0 } },
      at(s),
    );
  return {
    fails: (s: number) => saw('timeout', s),
    succeeds: (s: number, tookS = 0) => saw('served', s, 200, tookS),
    saw,
    sweep: (s: number) => policy.sweep?.([backend], at(s))?.get(backend),
  };
}

describe('as nginx has it: one failure, ten seconds', () => {
  test('the first failure takes a backend out, each broken or missing answer is one', () => {
    for (const kind of ['refused', 'timeout', 'reset'] as const) expect(watched().saw(kind, 1)).toBe('unhealthy');
  });

  test('an answer with status 500, or a full queue, is no failure', () => {
    expect(watched().saw('served', 1, 500)).toBeUndefined();
    expect(watched().saw('rejected', 1, 503)).toBeUndefined();
  });

  test('it may be tried again once more than ten seconds have passed', () => {
    const backend = watched();
    backend.fails(100);
    expect(backend.sweep(105)).toBeUndefined();
    expect(backend.sweep(110)).toBeUndefined();
    expect(backend.sweep(110.001)).toBe('healthy');
    expect(backend.sweep(111)).toBeUndefined();
  });

  test('one more failure after its return sends it out again', () => {
    const backend = watched();
    backend.fails(100);
    backend.sweep(111);
    expect(backend.fails(112)).toBe('unhealthy');
    expect(backend.sweep(122)).toBeUndefined();
    expect(backend.sweep(123)).toBe('healthy');
  });

  test('failures of requests already under way prolong its absence and are not told twice', () => {
    const backend = watched();
    expect(backend.fails(100)).toBe('unhealthy');
    expect(backend.fails(104)).toBeUndefined();
    expect(backend.sweep(111)).toBeUndefined();
    expect(backend.sweep(115)).toBe('healthy');
  });
});

describe('with three failures allowed', () => {
  const three = { fails: 3, windowUs: 10 * seconds };

  test('the third takes a backend out, successes in between or not', () => {
    const backend = watched(three);
    expect(backend.fails(1)).toBeUndefined();
    backend.succeeds(2);
    expect(backend.fails(3)).toBeUndefined();
    expect(backend.fails(4)).toBe('unhealthy');
  });

  test('a success picked long after the last failure clears them', () => {
    const backend = watched(three);
    backend.fails(1);
    backend.fails(2);
    backend.succeeds(13);
    expect(backend.fails(14)).toBeUndefined();
    expect(backend.fails(15)).toBeUndefined();
    expect(backend.fails(16)).toBe('unhealthy');
  });

  test('a success picked before that clears nothing, however late it ends', () => {
    const backend = watched(three);
    backend.fails(1);
    backend.fails(2);
    backend.succeeds(13, 2);
    expect(backend.fails(14)).toBe('unhealthy');
  });

  test('after its return one success clears it, one failure does not', () => {
    const cleared = watched(three);
    for (const s of [1, 2, 3]) cleared.fails(s);
    cleared.sweep(14);
    cleared.succeeds(15);
    expect(cleared.fails(16)).toBeUndefined();
    const failing = watched(three);
    for (const s of [1, 2, 3]) failing.fails(s);
    failing.sweep(14);
    expect(failing.fails(15)).toBe('unhealthy');
  });
});

test('the time out may differ from the window', () => {
  const backend = watched({ outUs: 2 * seconds });
  backend.fails(1);
  expect(backend.sweep(3)).toBeUndefined();
  expect(backend.sweep(3.5)).toBe('healthy');
});

test('probes are none of its business', () => {
  const backend = new BackendView(0, 's1', 'a', 1);
  const signal = { kind: 'probe', check: 'tcp', ok: false, reason: 'refused', status: 0, latencyUs: 1 } as const;
  expect(maxFails().observe(backend, signal, { nowUs: 0, rng: new Prng(1) })).toBeUndefined();
});

test.each([{ fails: 0 }, { windowUs: 0 }, { outUs: -1 }])('%j is refused', (options) => {
  expect(() => maxFails(options)).toThrow('max-fails:');
});
