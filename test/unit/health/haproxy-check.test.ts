import { describe, expect, test } from 'vitest';
import { JudgedPool } from '../../../engine/cli/conform/judged-pool.ts';
import { haproxyCheck } from '../../../engine/health/haproxy-check.ts';

/** What checks (+ passed, - failed) and responses (5 an error, 2 a success) lead to: U, H or a dot, and the counter at the end. */
function after(signals: string, options?: Parameters<typeof haproxyCheck>[0]) {
  const policy = haproxyCheck(options);
  const pool = new JudgedPool(policy, 1);
  const verdicts = Array.from(signals, (signal) => {
    const probe = signal === '+' || signal === '-';
    const health = probe ? pool.probe(0, signal === '+') : pool.answer(0, signal === '5' ? 500 : 200);
    return health === undefined ? '.' : health === 'healthy' ? 'H' : 'U';
  });
  return `${verdicts.join('')} ${policy.counterOf(pool.views[0]!)}`;
}

test('a new backend stands at the border: its first check decides alone', () => {
  expect(after('-')).toBe('U 0');
  expect(after('+')).toBe('. 4');
});

test('three failures in a row take it out, two passes bring it back, one result the other way undoes the count', () => {
  expect(after('+---')).toBe('...U 0');
  expect(after('+--+--')).toBe('...... 2');
  expect(after('-+-++')).toBe('U...H 4');
});

describe('five errors in a row of real requests', () => {
  const observing = (onError: 'fastinter' | 'fail-check' | 'sudden-death' | 'mark-down') =>
    ({ observe: 'layer7', errorLimit: 5, onError }) as const;

  test('count as one failed check, or as the last but one, or take it out at once, or only ask for a probe', () => {
    expect(after('+55555', observing('fail-check'))).toBe('...... 3');
    expect(after('+55555', observing('sudden-death'))).toBe('...... 2');
    expect(after('+55555', observing('mark-down'))).toBe('.....U 0');
    expect(after('+55555', observing('fastinter'))).toBe('...... 4');
  });

  test('are forgotten by a success, and by a check that passes', () => {
    expect(after('+5555255', observing('mark-down'))).toBe('........ 4');
    expect(after('+5555+55', observing('mark-down'))).toBe('........ 4');
  });

  test('ask for an early probe, whatever else they do', () => {
    const policy = haproxyCheck(observing('fastinter'));
    const pool = new JudgedPool(policy, 1);
    for (let error = 0; error < 4; error++) pool.answer(0, 500);
    expect(policy.suspects?.(pool.views[0]!)).toBe(false);
    pool.answer(0, 500);
    expect(policy.suspects?.(pool.views[0]!)).toBe(true);
  });

  test('are none for layer 4, which sees only broken connections', () => {
    expect(after('+55555', { observe: 'layer4', errorLimit: 5, onError: 'mark-down' })).toBe('...... 4');
  });
});

test.each([{ fall: 0 }, { rise: 0.5 }, { errorLimit: 0 }])('%j is refused', (options) => {
  expect(() => haproxyCheck(options)).toThrow('haproxy-check:');
});
