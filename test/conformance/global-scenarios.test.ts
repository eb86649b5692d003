/** What regions, names and routes show, and an autoscaler that is late. */
import { expect } from 'vitest';
import { EVENT_KIND, FAILURE, SERVED } from '../../engine/index.ts';
import type { Simulation } from '../../engine/index.ts';
import { rowsOf, s } from '../unit/world/build.ts';
import { shows } from './shows.ts';

/** Requests that left between the two times: how many, how many of them failed in this way, and where they went. */
function leaving(simulation: Simulation, client: string, fromUs: number, toUs: number, failure?: number) {
  const { log } = simulation;
  const at = log.names.clients.indexOf(client);
  const rows = Array.from({ length: log.length }, (_, row) => row).filter(
    (row) => log.client[row] === at && log.sentUs[row]! >= fromUs && log.sentUs[row]! < toUs,
  );
  const failed = rows.filter((row) =>
    failure === undefined ? log.outcome[row] !== SERVED : log.outcome[row] === failure,
  );
  const nodes: Record<number, number> = {};
  for (const row of rows) nodes[log.node[row]!] = (nodes[log.node[row]!] ?? 0) + 1;
  return { count: rows.length, failed: failed.length, nodes };
}

/** Failed requests of the region's users as seconds of their traffic of 20 a second. */
const lostSeconds = (simulation: Simulation) =>
  leaving(simulation, 'eu-users', 0, Infinity, FAILURE.unreachable).failed / 20;

// Lost traffic: 20 requests a second of Poisson arrivals over a mean of 60 s (180 s) are 1200 (3600), give or take 35 (60), and 300 phases make the mean of the
// decay uncertain by TTL / sqrt(12 x 300) = 1 s (5 s). Five standard deviations of both together: 10 s (29 s).
const diesUnderGeoDns = (ttl: number, lost: number, tolerance: number) => (simulation: Simulation) => {
  expect(Math.abs(lostSeconds(simulation) - lost)).toBeLessThan(tolerance);
  // Before it is noticed all are lost, half a TTL after that half of them: 5 sigma of 100 or more requests and 300 caches is below a quarter.
  const noticedUs = s(90);
  const unnoticed = leaving(simulation, 'eu-users', s(60), noticedUs);
  expect(unnoticed.failed).toBe(unnoticed.count);
  const middle = leaving(simulation, 'eu-users', noticedUs + s(0.4 * ttl), noticedUs + s(0.6 * ttl));
  expect(Math.abs(middle.failed / middle.count - 0.5)).toBeLessThan(0.25);
  expect(leaving(simulation, 'eu-users', noticedUs + s(ttl), Infinity, FAILURE.unreachable).failed).toBe(0);
  // They are with the nearest of the others, whose own users notice nothing.
  expect(Object.keys(leaving(simulation, 'eu-users', noticedUs + s(ttl), Infinity).nodes)).toEqual(['1']);
  expect(leaving(simulation, 'us-users', 0, Infinity, FAILURE.unreachable).failed).toBe(0);
};

shows('region-dies-geodns-60', diesUnderGeoDns(60, 60, 10));

shows('region-dies-geodns-300', diesUnderGeoDns(300, 180, 29));

shows('region-dies-anycast', (simulation) => {
  // All of it until the hold time is over, 60 to 90 s by the phase of the keepalives, and two more to converge; then nothing.
  const { log } = simulation;
  const lastUs = Math.max(
    ...Array.from({ length: log.length }, (_, row) =>
      log.outcome[row] === FAILURE.unreachable ? log.sentUs[row]! : 0,
    ),
  );
  // 20 requests a second: the last one that is lost left within half a second of the change, but once in 22,000 runs.
  expect(lastUs).toBeGreaterThan(s(60 + 60 + 2 - 0.5));
  expect(lastUs).toBeLessThanOrEqual(s(60 + 90 + 2));
  const dead = leaving(simulation, 'eu-users', s(60), lastUs);
  expect(dead.failed).toBe(dead.count);
  expect(Object.keys(leaving(simulation, 'eu-users', lastUs + 1, Infinity).nodes)).toEqual(['1']);
});

shows('region-withdraws-anycast', (simulation) => {
  // Each of the 200 long connections breaks once on the way out and once on the way back, and nothing else is lost.
  const resets = (fromUs: number, toUs: number) => leaving(simulation, 'eu-users', fromUs, toUs, FAILURE.reset).failed;
  expect(resets(0, s(60))).toBe(0);
  expect(leaving(simulation, 'eu-users', 0, Infinity, FAILURE.unreachable).failed).toBe(0);
  expect(leaving(simulation, 'us-users', 0, Infinity, FAILURE.reset).failed).toBe(0);
  // Connections that carry nothing meanwhile never learn of it: at 0.1 requests a second each, e^-6 of them in a minute.
  expect(resets(s(60), s(120))).toBeGreaterThan(190);
  expect(resets(s(60), s(120))).toBeLessThanOrEqual(200);
  expect(resets(s(120), s(180))).toBeGreaterThan(190);
});

shows('active-active-of-three', (simulation) => {
  const share = (fromUs: number, toUs: number) => {
    const { count, failed } = leaving(simulation, 'users', fromUs, toUs, FAILURE.unreachable);
    return failed / count;
  };
  expect(share(0, s(60))).toBe(0);
  // 1800 requests: standard deviation 0.011; five of them.
  expect(Math.abs(share(s(60), s(90)) - 1 / 3)).toBeLessThan(0.056);
  expect(share(s(90), s(150))).toBeLessThan(1 / 4);
  expect(share(s(150), s(230))).toBe(0);
  // Half of the traffic each: once and a half of a third.
  const { count, nodes } = leaving(simulation, 'users', s(150), s(230));
  expect(Object.keys(nodes)).toEqual(['0', '2']);
  // 4800 requests of 300 caches with about 16 each that take turns: below the scatter of single draws, 0.0072; five of them.
  for (const there of Object.values(nodes)) expect(Math.abs(there / count - 1 / 2)).toBeLessThan(0.036);
});

shows('gslb-overflow', (simulation) => {
  expect(simulation.counts.failed).toBe(0);
  const before = leaving(simulation, 'eu-users', s(30), s(60));
  const after = leaving(simulation, 'eu-users', s(120), s(200));
  expect(Object.keys(before.nodes)).toEqual(['0']);
  // 100 requests a second and room for 60: what is spilled goes to the next nearest, and both keep a part.
  expect(Object.keys(after.nodes)).toEqual(['0', '1']);
  expect(after.nodes[0]! / after.count).toBeGreaterThan(0.4);
  expect(after.nodes[0]! / after.count).toBeLessThan(0.9);
});

shows('autoscaling-is-late', (simulation) => {
  const joined = rowsOf(simulation, EVENT_KIND.joined).map(([atUs]) => atUs!);
  // The surge comes at 60 s: it is seen at a look, and the first new backend works a minute after that.
  const lateUs = joined[0]! - s(60);
  expect(lateUs).toBeGreaterThan(s(60));
  expect(lateUs).toBeLessThanOrEqual(s(90));
  const failedUntil = leaving(simulation, 'users', s(60), joined[0]!);
  expect(failedUntil.failed / failedUntil.count).toBeGreaterThan(0.2);
  // In the end there is room for all: 180 a second of 50 ms need 4.5 backends of two workers.
  expect(simulation.backends().length).toBeGreaterThan(5);
  const settled = leaving(simulation, 'users', s(200), s(240));
  expect(settled.failed).toBe(0);
});
