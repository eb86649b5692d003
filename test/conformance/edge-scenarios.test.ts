import { expect } from 'vitest';
import { EVENT_KIND, measure } from '../../engine/index.ts';
import type { Simulation } from '../../engine/index.ts';
import { s } from '../unit/world/build.ts';
import { shows } from './shows.ts';

shows('udp-flows-outlive-the-dead', (simulation) => {
  const { log, trace, scenario } = simulation;
  const failedShare = (client: string, fromUs: number, toUs: number) => {
    const query = { clients: [client], fromUs, toUs };
    const failed = measure(log, { metric: 'failed', ...query });
    return failed / (failed + measure(log, { metric: 'served', ...query }));
  };
  // Sockets take turns, so each has sent 16 times by 8 s: the share of s2 among them is the share of the sockets that are bound to it.
  const phones = scenario.clients.findIndex(({ id }) => id === 'phones');
  let bound = 0;
  for (let row = 0; row < trace.length && trace.atUs[row]! < s(9); row++) {
    if (trace.kind[row] !== EVENT_KIND.picked || trace.backend[row] !== 1) continue;
    if (log.client[trace.request[row]! - 1] === phones) bound++;
  }
  const share = bound / (80 * 9);
  expect(share).toBeGreaterThan(0);
  // 80 a second in a window of 20 s: who ends on its edges can move the share by 40 of 1,600.
  expect(Math.abs(failedShare('phones', s(20), s(40)) - share)).toBeLessThan(40 / 1600);
  // Three checks, a second apart, and half a second until who was sent before gives up.
  expect(failedShare('resolvers', s(10), s(13))).toBeGreaterThan(0);
  expect(measure(log, { metric: 'failed', clients: ['resolvers'], fromUs: s(14.5) })).toBe(0);
});

shows('syn-flood-outlasts-itself', ({ log, handshakes }) => {
  const failed = (client: string, fromUs: number, toUs: number) =>
    measure(log, { metric: 'failed', clients: [client], fromUs, toUs });
  const served = (client: string, fromUs: number, toUs: number) =>
    measure(log, { metric: 'served', clients: [client], fromUs, toUs });
  // 511 places at 2,000 a second are full after 0.26 s, sd 0.011. Whoever waits longer than 3 s gives up, so nobody of before is left at 13.5 s; the first places are free at 73 s.
  expect(served('newcomers', s(13.5), s(73))).toBe(0);
  expect(failed('newcomers', s(13.5), s(73))).toBeGreaterThan(60 * 59.5 - 4 * Math.sqrt(60 * 59.5));
  expect(failed('newcomers', 0, s(13))).toBe(0);
  expect(failed('newcomers', s(76.5), s(90))).toBe(0);
  expect(failed('regulars', 0, s(90))).toBe(0);
  expect(handshakes.counts.dropped).toBeGreaterThan(failed('newcomers', 0, s(90)));
});

shows('syn-flood-meets-cookies', ({ counts, handshakes }) => {
  expect(counts.failed).toBe(0);
  expect(handshakes.counts.dropped).toBe(0);
  // Newcomers come at 60 a second for the 63 s in which all places are taken.
  expect(Math.abs(handshakes.counts.cookies - 60 * 63)).toBeLessThan(4 * Math.sqrt(60 * 63) + 60);
});

/** The share of those who were turned away, of all that ended while the attack was on. */
function turnedAway(simulation: Simulation): number {
  const during = { fromUs: s(10.1), toUs: s(50) };
  const failed = measure(simulation.log, { metric: 'failed', ...during });
  return failed / (failed + measure(simulation.log, { metric: 'served', ...during }));
}

shows('slow-loris-holds-every-place', (simulation) => {
  // Some three connections of clients were open when the attack began; in each round, a second apart, the attacker takes those of the places they left that are free. The last
  // place is busy 77 % of the time (3.4 erlangs for one place), so 30 rounds miss it with a probability of 0.04 %.
  const { log } = simulation;
  expect(measure(log, { metric: 'served', fromUs: s(40.2), toUs: s(50) })).toBe(0);
  expect(turnedAway(simulation)).toBeGreaterThan(0.6);
  expect(simulation.backends().every(({ inFlight }) => inFlight < 8)).toBe(true);
  expect(measure(log, { metric: 'failed', fromUs: s(50.1) })).toBe(0);
});

shows('slow-loris-is-cut-off', (simulation) => {
  // Rounds begin at 10, 25 and 40 s and hold for five seconds each: 15 s of 40. Who was in when a round began leaves a place to others.
  expect(turnedAway(simulation)).toBeLessThan(15 / 40 + 0.05);
  expect(turnedAway(simulation)).toBeGreaterThan(0.05);
});
