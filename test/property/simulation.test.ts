import fc from 'fast-check';
import { expect, it } from 'vitest';
import { policiesFor, Simulation } from '../../engine/index.ts';
import { InFlight } from '../../engine/world/in-flight.ts';
import { worlds } from './worlds.ts';

it('without a trace, it is the same run', () => {
  fc.assert(
    fc.property(worlds, (scenario) => {
      const [traced, bare] = [true, false].map((trace) => {
        const run = new Simulation(scenario, policiesFor(scenario), { trace });
        run.runToEnd();
        return { counts: run.counts, bytes: run.bytes, p90: run.latencies.quantile(90), backends: run.backends() };
      });
      expect(bare).toEqual(traced);
    }),
    { numRuns: 200 },
  );
});

it('rows of requests are used again when nobody has business with them any more', () => {
  const rows = new InFlight();
  const taken = [rows.take(0, 0, 1), rows.take(0, 0, 2)];
  rows.open[taken[0]!] = 3;
  const generation = rows.generation[taken[0]!]!;
  rows.close(taken[0]!, 1);
  expect(rows.generation[taken[0]!]).toBe(generation);
  rows.close(taken[0]!, 2);
  expect(rows.generation[taken[0]!]).toBe(generation + 1);
  expect(rows.take(0, 0, 3)).toBe(taken[0]);
  expect(rows.used).toBe(2);
});
