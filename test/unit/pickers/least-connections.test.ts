import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastConnections } from '../../../engine/pickers/least-connections.ts';
import { commands, obey } from '../../contract/commands.ts';
import { countsOf, SmallPool } from '../../contract/small-pool.ts';

test('nobody eligible ever has fewer requests in flight than the chosen one, whatever happens in between', () => {
  fc.assert(
    fc.property(fc.nat(), commands, (seed, sequence) => {
      const pool = new SmallPool(leastConnections(), seed, [1, 1, 1, 1]);
      for (const command of sequence) {
        const fewest = Math.min(...pool.eligible.map((view) => view.inFlight));
        const picked = obey(pool, command)?.picked;
        if (picked !== undefined) expect(picked.inFlight).toBe(fewest + 1);
      }
    }),
    { numRuns: 300 },
  );
});

test('requests that pile up fill the backends level by level', () => {
  const pool = new SmallPool(leastConnections(), 3, [1, 1, 1, 1, 1]);
  for (let level = 1; level <= 20; level += 1) {
    const chosen = Array.from({ length: 5 }, () => pool.send()!.id);
    expect(new Set(chosen).size).toBe(5);
  }
});

test('a backend that comes back is filled up to the others first', () => {
  const pool = new SmallPool(leastConnections(), 3, [1, 1]);
  const busy = [pool.send()!, pool.send()!];
  expect(new Set(busy).size).toBe(2);
  pool.drain(0, true);
  const only = Array.from({ length: 3 }, () => pool.send()!.id);
  expect(new Set(only).size).toBe(1);
  pool.drain(0, false);
  expect(countsOf(Array.from({ length: 3 }, () => pool.send()!.id))).toEqual({ b0: 3 });
});

test('ties are drawn: each of the idle ones is as likely', () => {
  // 10,000 draws among 4: standard deviation sqrt(10,000 · 1/4 · 3/4) = 43.3; 5 of them are exceeded with probability 6e-7.
  const pool = new SmallPool(leastConnections(), 9, [1, 1, 1, 1]);
  for (const count of Object.values(countsOf(pool.sequence(10_000)))) {
    expect(Math.abs(count - 2500)).toBeLessThan(217);
  }
});
