import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EVENT_KIND, policiesFor, Simulation } from '../../engine/index.ts';
import type { Scenario } from '../../engine/index.ts';
import { OPEN } from '../../engine/world/in-flight.ts';
import { tiered } from './world/tiers.ts';

/** The run, and for each request how often it arrived and ended. */
function followed(scenario: Scenario) {
  const run = new Simulation(scenario, policiesFor(scenario));
  run.runToEnd();
  const { trace } = run;
  const arrived = new Map<number, number>();
  const ended = new Map<number, number>();
  let isOrdered = true;
  for (let row = 0; row < trace.length; row++) {
    const { kind, request, atUs } = trace.at(row);
    if (row > 0 && trace.atUs[row - 1]! > atUs) isOrdered = false;
    const count =
      kind === EVENT_KIND.arrived
        ? arrived
        : kind === EVENT_KIND.served || kind === EVENT_KIND.failed
          ? ended
          : undefined;
    count?.set(request, (count.get(request) ?? 0) + 1);
  }
  return { run, arrived, ended, isOrdered };
}

it('in a tier whose nodes fail every request arrives once and ends once, or is under way', () => {
  fc.assert(
    fc.property(tiered, (scenario) => {
      const { run, arrived, ended, isOrdered } = followed(scenario);
      expect(isOrdered).toBe(true);
      expect([...arrived.values(), ...ended.values()].every((times) => times === 1)).toBe(true);
      expect([...ended.keys()].every((request) => arrived.has(request))).toBe(true);
      const { rows } = run.look().path;
      const waiting = new Set<number>();
      const attempts = new Map<string, number>();
      for (let row = 0; row < rows.used; row++) {
        const open = rows.open[row]!;
        // On its way to the tier it has no number yet.
        if ((open & OPEN.client) !== 0 && arrived.has(rows.id[row]!) && rows.node[row] !== -1)
          waiting.add(rows.id[row]!);
        if ((open & OPEN.attempt) === 0) continue;
        const key = `${rows.node[row]!}:${rows.backend[row]!}`;
        attempts.set(key, (attempts.get(key) ?? 0) + 1);
      }
      for (const request of waiting) expect(ended.has(request)).toBe(false);
      expect(ended.size + waiting.size).toBe(arrived.size);
      run.balancers().forEach(({ backendsInFlight }, node) => {
        backendsInFlight.forEach((count, backend) => {
          expect(count).toBe(attempts.get(`${node}:${backend}`) ?? 0);
        });
      });
    }),
    { numRuns: 300 },
  );
});

it('the run of a tier is the same a second time, however it is cut', () => {
  fc.assert(
    fc.property(tiered, fc.nat(400_000), (scenario, cutUs) => {
      const { run } = followed(scenario);
      const again = new Simulation(scenario, policiesFor(scenario));
      again.runUntil(cutUs);
      again.runToEnd();
      expect(again.digest()).toBe(run.digest());
    }),
    { numRuns: 100 },
  );
});
