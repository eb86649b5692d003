import { expect, test } from 'vitest';
import { BackendView } from '../../../engine/core/backend.ts';
import type { HealthSignal } from '../../../engine/core/policy.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { envoyCheck } from '../../../engine/health/envoy-check.ts';

type Probe = Extract<HealthSignal, { kind: 'probe' }>;

function verdicts(reasons: readonly Probe['reason'][], options?: Parameters<typeof envoyCheck>[0]) {
  const policy = envoyCheck(options);
  const backend = new BackendView(0, 's1', 'a', 1);
  return reasons.map((reason) =>
    policy.observe(
      backend,
      { kind: 'probe', check: 'http', ok: reason === 'ok', reason, status: reason === 'ok' ? 200 : 503, latencyUs: 1 },
      { nowUs: 0, rng: new Prng(1) },
    ),
  );
}

test('an unexpected status takes a backend out at once, a refused connection counts', () => {
  expect(verdicts(['ok', 'status'])).toEqual([undefined, 'unhealthy']);
  expect(verdicts(['ok', 'refused', 'refused', 'refused'])).toEqual([undefined, undefined, undefined, 'unhealthy']);
});

test('a status that may be tried again counts like any failure', () => {
  expect(verdicts(['ok', 'status', 'status', 'status'], { retriable: true }).at(-1)).toBe('unhealthy');
  expect(verdicts(['ok', 'status', 'status'], { retriable: true }).at(-1)).toBeUndefined();
});

test('it takes two passes to come back', () => {
  expect(verdicts(['ok', 'status', 'ok', 'ok'])).toEqual([undefined, 'unhealthy', undefined, 'healthy']);
});
