import { describe, expect, it } from 'vitest';
import { measure, withOmitted } from '../../engine/index.ts';
import type { Simulation } from '../../engine/index.ts';
import { ms, s, simulate } from '../unit/world/build.ts';
import { fromLibrary } from '../unit/world/library.ts';

/** That a scenario shows what it claims must not hang on its seed: two seeds, fixed beforehand, its own among them. */
function shows(name: string, claim: (simulation: Simulation) => void): void {
  const scenario = fromLibrary(name);
  describe(`${name}: ${scenario.shows}`, () => {
    it.each([scenario.seed, 101])('seed %i', (seed) => {
      const simulation = simulate(scenario, { seed });
      simulation.runToEnd();
      claim(simulation);
    });
  });
}

/** By nearest rank. */
const quantile = (values: Float64Array, share: number) => values[Math.ceil(share * values.length) - 1]!;

shows('bursts-wait-longer', ({ log }) => {
  const mean = (name: string) => measure(log, { metric: 'mean', classes: [name] });
  // M/M/1 at 0.7: 33 ms. The same rate in on/off bursts of a second, a hundred service times: theory has more than 11 service times at bursts of ten already.
  expect(mean('steady')).toBeLessThan(ms(60));
  expect(mean('bursty')).toBeGreaterThan(4 * mean('steady'));
});

shows('stall-nobody-measured', ({ calls }) => {
  const naive = calls.log.latencies('sent');
  expect(quantile(naive, 0.999)).toBeLessThan(ms(2));
  expect(naive.at(-1)).toBeGreaterThan(s(9.9));
  // A quarter of the forty seconds is lost in the stall, and more while what was missed is sent.
  expect(quantile(calls.log.latencies('intended'), 0.75)).toBeGreaterThan(s(1));
  expect(quantile(withOmitted(naive, ms(10)), 0.9)).toBeGreaterThan(s(1));
});

shows('retries-keep-it-down', ({ calls }) => {
  expect(calls.log.goodput(0, s(4))).toBe(1);
  expect(calls.log.goodput(s(30), s(43))).toBeLessThan(0.05);
});

shows('budget-lets-it-recover', ({ calls }) => {
  expect(calls.log.goodput(s(10), s(20))).toBeLessThan(0.1);
  expect(calls.log.goodput(s(60), s(68))).toBeGreaterThan(0.99);
});

shows('websockets-stay-put', (simulation) => {
  const open = simulation.backends().map(({ inFlight }) => inFlight);
  const old = open.slice(0, 3).reduce((sum, count) => sum + count, 0);
  // 90 s after they joined the new ones have half of the new connections, and 1 - e^-(90/120) = 53 % of the old ones are over.
  expect(old / open.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0.6);
  // Round robin deals in turns: of those that come since, half.
  expect(measure(simulation.log, { metric: 'share', backends: ['s4', 's5', 's6'], fromUs: s(91) })).toBeCloseTo(0.5, 1);
});

shows('whale-behind-nat', (simulation) => {
  const shares = simulation.backends().map(({ id }) => measure(simulation.log, { metric: 'share', backends: [id] }));
  // Half of the people, and a fifth of the others: 0.6.
  expect(Math.max(...shares)).toBeGreaterThan(0.5);
  expect(Math.max(...simulation.backends().map(({ queued }) => queued))).toBeGreaterThan(1_000);
  expect(simulation.backends().filter(({ queued }) => queued < 20).length).toBe(4);
});
