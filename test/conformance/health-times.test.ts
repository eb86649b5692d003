/**
 * How long HAProxy's checks take to notice a fault and its end, as a distribution over many phases, against what was recorded of HAProxy 2.6
 * (data/recorded/haproxy-httpchk-timing-*.json) and against the arithmetic of the window.
 */
import { describe, expect, test } from 'vitest';
import { BELIEVED, EVENT_KIND } from '../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from '../unit/world/build.ts';

const RUNS = 300;
const INTERVAL_MS = 200;
const TIMEOUT_MS = 150;

/** Milliseconds from the fault to the verdict and from the repair to the next, one pair for each seed: the seed sets the phase of the checks. */
function times(fault: 'crash' | 'hang') {
  const backends = alike(1, { service: { default: constant(ms(1)) } });
  const policy = { name: 'haproxy-check' };
  const health = { schedule: 'after-result' as const, intervalUs: ms(INTERVAL_MS), timeoutUs: ms(TIMEOUT_MS), policy };
  const timeline = [
    { do: fault, atUs: s(2), backend: 's1' },
    { do: 'recover' as const, atUs: s(6), backend: 's1' },
  ];
  const pools = [{ picker: { name: 'round-robin' }, health, backends }];
  const scenario = world({ durationUs: s(8), pools, timeline });
  const pairs = Array.from({ length: RUNS }, (_, seed) => {
    const simulation = simulate(scenario, { seed });
    simulation.runToEnd();
    const changes = rowsOf(simulation, EVENT_KIND.health);
    const when = (belief: number) => changes.find(([, , , , value]) => value === belief)![0]! / 1_000;
    return { detect: when(BELIEVED.unhealthy) - 2_000, recover: when(BELIEVED.healthy) - 6_000 };
  });
  return {
    detect: pairs.map(({ detect }) => detect).sort((a, b) => a - b),
    recover: pairs.map(({ recover }) => recover).sort((a, b) => a - b),
  };
}

/**
 * All within the window, and it is filled evenly: with 300 phases uniform on the window no decile stays empty but with probability 10 x 0.9^300, 2 in
 * 10^13, and the mean is within 4 standard errors, 4 / sqrt(12 x 300) = 0.067 of the width, of the middle.
 */
function expectUniform(found: readonly number[], from: number, to: number) {
  expect(found[0]).toBeGreaterThanOrEqual(from);
  expect(found.at(-1)).toBeLessThanOrEqual(to);
  const width = to - from;
  for (let decile = 0; decile < 10; decile++) {
    const [low, high] = [from + (width * decile) / 10, from + (width * (decile + 1)) / 10];
    expect(found.some((value) => value >= low && value <= high)).toBe(true);
  }
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  expect(Math.abs(mean - (from + to) / 2)).toBeLessThan(0.067 * width);
}

describe('interval 200 ms after the result, timeout 150 ms, fall 3, rise 2', () => {
  test('a refused connection is noticed after two to three intervals (recorded: 405 to 591 ms)', () => {
    expectUniform(times('crash').detect, 2 * INTERVAL_MS, 3 * INTERVAL_MS);
  });

  test('a hang takes three timeouts more (recorded: 884 to 1109 ms, with up to 28 ms that each check was late)', () => {
    const waits = 3 * TIMEOUT_MS;
    expectUniform(times('hang').detect, 2 * INTERVAL_MS + waits, 3 * INTERVAL_MS + waits);
  });

  test('recovery takes one to two intervals (recorded: 203 to 404 ms)', () => {
    expectUniform(times('crash').recover, INTERVAL_MS, 2 * INTERVAL_MS);
  });

  test('after a hang a check may still be waiting (recorded: 252 to 589 ms)', () => {
    const { recover } = times('hang');
    expect(recover[0]).toBeGreaterThanOrEqual(INTERVAL_MS);
    expect(recover.at(-1)).toBeLessThanOrEqual(2 * INTERVAL_MS + TIMEOUT_MS);
    expect(recover.at(-1)).toBeGreaterThan(2 * INTERVAL_MS);
  });
});
