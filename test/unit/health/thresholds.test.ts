import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BackendView } from '../../../engine/core/backend.ts';
import type { HealthSignal } from '../../../engine/core/policy.ts';
import { Prng } from '../../../engine/core/prng.ts';
import { thresholds } from '../../../engine/health/thresholds.ts';

const ctx = { nowUs: 0, rng: new Prng(1) };
const probe = (ok: boolean): HealthSignal => ({
  kind: 'probe',
  check: 'http',
  ok,
  reason: ok ? 'ok' : 'status',
  status: ok ? 200 : 500,
  latencyUs: 100,
});

/** What the policy answers to a string of results: + passed, - failed. Shown as U (unhealthy), H (healthy) or a dot (no change). */
function answers(results: string, options?: Parameters<typeof thresholds>[0]): string {
  const policy = thresholds(options);
  const backend = new BackendView(0, 's1', 'a', 1);
  const letters = { healthy: 'H', unhealthy: 'U' };
  return Array.from(results, (result) => {
    const health = policy.observe(backend, probe(result === '+'), ctx);
    return health === undefined ? '.' : letters[health];
  }).join('');
}

test('three failures in a row take a backend out, two passes in a row bring it back', () => {
  expect(answers('---++')).toBe('..U.H');
});

test('one result the other way starts the count again', () => {
  expect(answers('--+--+---')).toBe('........U');
  expect(answers('---+-+-++')).toBe('..U.....H');
});

test('a change is told once', () => {
  expect(answers('------+++++')).toBe('..U....H...');
});

test('fall and rise are options', () => {
  expect(answers('-+-+', { fall: 1, rise: 1 })).toBe('UHUH');
  expect(answers('--+++', { fall: 2, rise: 3 })).toBe('.U..H');
});

test('backends are judged one by one', () => {
  const policy = thresholds({ fall: 2 });
  const [one, other] = [new BackendView(0, 's1', 'a', 1), new BackendView(1, 's2', 'a', 1)];
  expect(policy.observe(one, probe(false), ctx)).toBeUndefined();
  expect(policy.observe(other, probe(false), ctx)).toBeUndefined();
  expect(policy.observe(one, probe(false), ctx)).toBe('unhealthy');
});

test('as a judge of responses, a missing answer or a 5xx is a failure', () => {
  const policy = thresholds({ fall: 1, rise: 1 });
  const backend = new BackendView(0, 's1', 'a', 1);
  const judged = (kind: 'served' | 'timeout' | 'rejected', status: number) =>
    policy.observe(backend, { kind: 'response', outcome: { kind, status, latencyUs: 1, bytes: 0 } }, ctx);
  expect(judged('served', 404)).toBeUndefined();
  expect(judged('served', 500)).toBe('unhealthy');
  expect(judged('served', 200)).toBe('healthy');
  expect(judged('timeout', 0)).toBe('unhealthy');
});

test('the state always is that of the last run long enough to decide', () => {
  const results = fc.string({ unit: fc.constantFrom('+', '-'), maxLength: 60 });
  fc.assert(
    fc.property(results, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (text, fall, rise) => {
      const said = answers(text, { fall, rise }).replaceAll('.', '');
      // Read backwards: the last run of `fall` failures or `rise` passes names the state, whatever came before it.
      const decisive = text.lastIndexOf('-'.repeat(fall));
      const restoring = text.lastIndexOf('+'.repeat(rise));
      const healthy = decisive === -1 || restoring > decisive;
      expect(said.endsWith('U')).toBe(!healthy);
    }),
  );
});

test.each([{ fall: 0 }, { rise: 0 }, { fall: 1.5 }])('%j is refused', (options) => {
  expect(() => thresholds(options)).toThrow('must be a whole number of at least 1');
});
