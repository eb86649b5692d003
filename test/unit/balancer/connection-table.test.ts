import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionTable } from '../../../engine/balancer/connection-table.ts';

describe('the table of connections', () => {
  it('answers as a plain map does, whatever comes and goes', () => {
    const step = fc.tuple(fc.constantFrom('open', 'close', 'use'), fc.integer({ min: 1, max: 300 }), fc.nat(9));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 2000, size: 'max' }), (steps) => {
        const table = new ConnectionTable();
        const model = new Map<number, number>();
        for (const [what, connection, backend] of steps) {
          expect(table.use(connection, 0)).toBe(model.get(connection));
          if (what === 'close') {
            table.forget(connection);
            model.delete(connection);
          } else if (what === 'open' && !model.has(connection)) {
            table.add(connection, backend, 0);
            model.set(connection, backend);
          }
          expect(table.size).toBe(model.size);
        }
        for (let connection = 1; connection <= 300; connection++)
          expect(table.find(connection)).toBe(model.get(connection));
      }),
      { numRuns: 50 },
    );
  });

  it('forgets who has been idle for so long, and nobody who was not', () => {
    const table = new ConnectionTable({ limit: Infinity, idleTimeoutUs: 100 });
    table.add(1, 0, 0);
    table.add(2, 1, 0);
    expect(table.use(1, 99)).toBe(0);
    expect(table.use(2, 100)).toBeUndefined();
    expect(table.use(1, 198)).toBe(0);
    expect(table.use(1, 298)).toBeUndefined();
    expect(table.size).toBe(0);
  });

  it('makes room by forgetting who has been idle the longest', () => {
    const table = new ConnectionTable({ limit: 2, idleTimeoutUs: Infinity });
    table.add(1, 0, 0);
    table.add(2, 1, 1);
    table.use(1, 2);
    table.add(3, 2, 3);
    expect([1, 2, 3].map((connection) => table.find(connection))).toEqual([0, undefined, 2]);
  });
});
