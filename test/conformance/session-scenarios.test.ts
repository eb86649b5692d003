import { expect } from 'vitest';
import { measure } from '../../engine/index.ts';
import type { Query, Scenario, Simulation } from '../../engine/index.ts';
import { s, simulate } from '../unit/world/build.ts';
import { shows } from './shows.ts';

const USERS = 400;
const ask = (run: Simulation, query: Query) => measure(run.log, query);
/** Requests answered 401: somebody's session is not where the request went. */
const strangers = (run: Simulation, fromUs: number, toUs = Infinity) =>
  ask(run, { metric: 'failed', failure: 'noSession', fromUs, toUs });
const share = (run: Simulation, fromUs: number, toUs = Infinity) =>
  ask(run, { metric: 'share', backends: ['s2'], fromUs, toUs });

type Pool = Scenario['pools'][number];

function inPool(scenario: Scenario, seed: number, change: Partial<Pool>, behindNat = 0): Simulation {
  const run = simulate(
    {
      ...scenario,
      clients: scenario.clients.map((client) => ({ ...client, behindNat })),
      pools: scenario.pools.map((pool) => ({ ...pool, ...change })),
    },
    { seed },
  );
  run.runToEnd();
  return run;
}

shows('login-on-another-server', (run) => {
  const pages = { classes: ['page'] } as const;
  // Three servers in four are the wrong one. Of about a thousand pages the share is within 4 SD of 1.4 %.
  const lost = ask(run, { metric: 'failed', failure: 'noSession', ...pages }) / ask(run, { metric: 'count', ...pages });
  expect(Math.abs(lost - 0.75)).toBeLessThan(0.06);
});

shows('crash-under-cookies', (run, scenario) => {
  expect(strangers(run, 0, s(15))).toBe(0);
  // A user binomially is on s2 or not: 100 of 400, SD 8.7, within 4; the few who ask twice before they are told are no more than that.
  expect(Math.abs(strangers(run, s(15), s(27)) - USERS / 4)).toBeLessThan(35);
  expect(strangers(run, s(28))).toBeLessThan(5);
  expect(share(run, s(31))).toBeLessThan(0.03);
  // Behind one address or not: the cookie does not look.
  expect(strangers(inPool(scenario, run.seed, {}, 0.5), s(15), s(27))).toBe(strangers(run, s(15), s(27)));
});

shows('crash-under-source-hash', (run, scenario) => {
  expect(strangers(run, 0, s(15))).toBe(0);
  // Of four and three, a remainder is the same for a quarter of all numbers: 300 move, SD 8.7, and a few of them ask twice.
  for (const moved of [strangers(run, s(15), s(27)), strangers(run, s(28))]) {
    expect(moved).toBeGreaterThan(0.65 * USERS);
    expect(moved).toBeLessThan(0.85 * USERS);
  }
  const consistent = inPool(scenario, run.seed, { picker: { name: 'rendezvous', options: {} } });
  for (const moved of [strangers(consistent, s(15), s(27)), strangers(consistent, s(28))])
    expect(Math.abs(moved - USERS / 4)).toBeLessThan(35);
  // Half of the people are one address: where that one goes, they go.
  expect(share(inPool(scenario, run.seed, {}, 0.5), s(5), s(15))).toBeGreaterThan(0.5);
});

shows('crash-with-a-session-store', (run, scenario) => {
  expect(run.counts.failed).toBe(0);
  expect(share(run, s(18), s(27))).toBe(0);
  // The store is a system too.
  const broken = simulate(
    { ...scenario, timeline: [{ do: 'break-dependency', atUs: s(15), dependency: 'session-store' }] },
    { seed: run.seed },
  );
  broken.runToEnd();
  expect(ask(broken, { metric: 'served', classes: ['page'], fromUs: s(17) })).toBe(0);
});
