import { describe, expect, it } from 'vitest';
import { EVENT_KIND, measure } from '../../engine/index.ts';
import type { Scenario, Simulation } from '../../engine/index.ts';
import { ms, rowsOf, s, simulate } from '../unit/world/build.ts';
import { fromLibrary } from '../unit/world/library.ts';

/** That a scenario shows what it claims must not hang on its seed: two seeds, fixed beforehand, its own among them. */
function shows(name: string, claim: (run: Simulation, other: (change: Change) => Simulation) => void): void {
  const scenario = fromLibrary(name);
  describe(`${name}: ${scenario.shows}`, () => {
    it.each([scenario.seed, 101])('seed %i', (seed) => {
      const run = (one: Scenario) => {
        const simulation = simulate(one, { seed });
        simulation.runToEnd();
        return simulation;
      };
      claim(run(scenario), (change) => run(change(scenario)));
    });
  });
}
type Change = (scenario: Scenario) => Scenario;

/** Changes the only pool. */
const inPool = (change: (pool: Scenario['pools'][number]) => Scenario['pools'][number]) => (scenario: Scenario) => ({
  ...scenario,
  pools: scenario.pools.map(change),
});

shows('deep-checks-share-a-fate', (deep, other) => {
  const during = { fromUs: s(15), toUs: s(25) };
  const healthy = (run: Simulation) => new Set(run.backends().map(({ believed }) => believed));
  const middle = simulate(deep.scenario, { seed: deep.seed });
  middle.runUntil(s(20));
  expect(healthy(middle)).toEqual(new Set(['unhealthy']));
  // Out within two intervals and a timeout; then each of some 40 a second gets a 503.
  expect(measure(deep.log, { metric: 'failed', failure: 'noBackend', ...during })).toBeGreaterThan(200);
  expect(healthy(deep)).toEqual(new Set(['healthy']));
  const shallow = other(inPool((pool) => ({ ...pool, health: { ...pool.health!, check: 'readiness' } })));
  expect(shallow.counts.failed).toBe(0);
  expect(measure(shallow.log, { metric: 'p50', ...during })).toBeGreaterThan(ms(500));
});

shows('pauses-make-the-tail', (run, other) => {
  const still = other(
    inPool((pool) => ({ ...pool, backends: pool.backends.map((backend) => ({ ...backend, collector: undefined })) })),
  );
  const p = (one: Simulation, metric: 'p50' | 'p99') => measure(one.log, { metric });
  // 400 of 5,400 ms are pauses: 7 % of requests meet one, and wait for what is left of it.
  expect(p(run, 'p50')).toBeLessThan(1.3 * p(still, 'p50'));
  expect(p(run, 'p99')).toBeGreaterThan(2 * p(still, 'p99'));
  expect(p(run, 'p99')).toBeGreaterThan(ms(250));
});

shows('cold-cache-after-restart', (warmed, other) => {
  const rejected = (run: Simulation) => measure(run.log, { metric: 'failed', failure: 'queueFull', fromUs: s(25) });
  const atOnce = other(inPool((pool) => ({ ...pool, slowStart: undefined })));
  // 75 a second come and a cold one does 2 / 70 ms = 29.
  expect(rejected(atOnce)).toBeGreaterThan(100);
  expect(rejected(warmed)).toBeLessThan(rejected(atOnce) / 10);
});

shows('green-but-dead', (run) => {
  const dead = { fromUs: s(12.1), toUs: s(20) };
  expect(rowsOf(run, EVENT_KIND.probed).every(([, , , , passed]) => passed === 1)).toBe(true);
  expect(rowsOf(run, EVENT_KIND.health)).toEqual([]);
  expect(measure(run.log, { metric: 'served', ...dead })).toBe(0);
  expect(measure(run.log, { metric: 'failed', failure: 'abandoned', ...dead })).toBeGreaterThan(600);
  const begun = rowsOf(run, EVENT_KIND.started).filter(([atUs]) => atUs! >= dead.fromUs && atUs! < dead.toUs);
  expect(begun.length).toBeGreaterThan(600);
  expect(measure(run.log, { metric: 'failed', fromUs: s(23) })).toBe(0);
});

shows('deploy-under-uploads', (patient, other) => {
  const after = (drainUs: number) =>
    other((scenario) => {
      const timeline = scenario.timeline.map((action) =>
        action.do === 'deploy' && action.deploy.strategy === 'rolling'
          ? { ...action, deploy: { ...action.deploy, drainUs } }
          : action,
      );
      return { ...scenario, timeline };
    });
  expect(patient.counts.failed).toBe(0);
  const cut = (run: Simulation) => measure(run.log, { metric: 'failed', failure: 'reset' });
  // 20 a second to four: each has 50 under way. Without a drain all are cut, four times, as are those that come while it restarts: 5 a second for 5 s.
  const none = after(0);
  expect(Math.abs(cut(none) - 200)).toBeLessThan(4 * Math.sqrt(200));
  expect(Math.abs(measure(none.log, { metric: 'failed', failure: 'refused' }) - 100)).toBeLessThan(40);
  // After 5 s those are left that came in the last 5 s before: half of them, and a third more where a neighbour's share has gone.
  const short = after(s(5));
  expect(cut(short)).toBeGreaterThan(60);
  expect(cut(short)).toBeLessThan(190);
  expect(short.counts.failed).toBe(cut(short));
});

shows('canary-caught', (run, other) => {
  const failed = ({ log }: Simulation) => measure(log, { metric: 'failed', failure: 'error' });
  // 400 a second for 10 s, a twentieth of them, half of those: 100, of a Poisson stream; the bound is 4 SD.
  expect(Math.abs(failed(run) - 100)).toBeLessThan(40);
  expect(measure(run.log, { metric: 'failed', fromUs: s(20.5) })).toBe(0);
  const unseen = other((scenario) => ({
    ...scenario,
    timeline: scenario.timeline.map((action) =>
      action.do === 'deploy' ? { ...action, deploy: { ...action.deploy, rollbackAfterUs: undefined } } : action,
    ),
  }));
  // 15 s at a twentieth, then 15 s at a quarter: 150 + 750, SD 30.
  expect(Math.abs(failed(unseen) - 900)).toBeLessThan(120);
});
