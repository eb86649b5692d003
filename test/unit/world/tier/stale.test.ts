import { describe, expect, test } from 'vitest';
import { measure } from '../../../../engine/index.ts';
import type { ScenarioInput } from '../../../../engine/index.ts';
import { alike, exponential, ms, s, simulate, world } from '../build.ts';

type Tier = NonNullable<ScenarioInput['tier']>;

const SERVICE_MS = 10;

/** The mean time of a request, in mean service times, at ten backends of this load. */
function meanTime(picker: string, load: number, tier: Tier, seconds: number): number {
  const rateRps = (load * 10 * 1_000) / SERVICE_MS;
  const simulation = simulate(
    world({
      durationUs: s(seconds),
      clients: [{ id: 'c', arrivals: { kind: 'poisson', rateRps } }],
      pools: [{ picker: { name: picker }, backends: alike(10, { service: { default: exponential(ms(SERVICE_MS)) } }) }],
      tier,
    }),
  );
  simulation.runToEnd();
  return measure(simulation.log, { metric: 'mean', fromUs: s(5) }) / ms(SERVICE_MS);
}

const board = (everyMs: number): Tier => ({ nodes: [{ id: 'lb' }], view: { kind: 'board', everyUs: ms(everyMs) } });

/**
 * Expected values are those of theory.json; a run here has n requests, and its mean a standard deviation of about kappa / sqrt(n) of itself by the table's
 * own kappa: three of them, and the 95 % interval of the table's value, are allowed.
 */
function expectNear(got: number, expected: number, kappa: number, n: number): void {
  expect(Math.abs(got - expected) / expected).toBeLessThan((3 * kappa) / Math.sqrt(n) + 0.006);
}

describe('load from a board that is refreshed every so often, ten backends at 90 %', () => {
  test('refreshed each service time, the least loaded of the board is worse than two choices', () => {
    const n = 900 * 115;
    expectNear(meanTime('least-connections', 0.9, board(SERVICE_MS), 120), 4.16288, 9.068, n);
    expectNear(meanTime('power-of-two-choices', 0.9, board(SERVICE_MS), 120), 3.30049, 9.034, n);
  });

  test('refreshed each ten, all that comes between two refreshes goes to the same few', () => {
    expectNear(meanTime('least-connections', 0.9, board(10 * SERVICE_MS), 120), 25.9271, 10.9, 900 * 115);
  });

  test('a view that lags behind by nearly nothing is as good as the own count', () => {
    const lagging: Tier = { nodes: [{ id: 'lb' }], view: { kind: 'delayed', byUs: 1 } };
    const own = meanTime('least-connections', 0.7, { nodes: [{ id: 'lb' }] }, 40);
    // Only picks within the same microsecond can differ: two of 700 a second meet in one with a probability of 0.0007 a request.
    expect(Math.abs(meanTime('least-connections', 0.7, lagging, 40) / own - 1)).toBeLessThan(0.03);
  });
});

describe('nodes that count only their own requests, ten backends', () => {
  test.each([
    [1, 0.7, 1.15981, 2.466],
    [10, 0.7, 2.34353, 2.251],
    [10, 0.9, 3.79263, 4.5],
  ])('least connections with %i nodes at a load of %f', (count, load, expected, kappa) => {
    const tier: Tier = { nodes: [{ id: 'lb', count }] };
    expectNear(meanTime('least-connections', load, tier, 65), expected, kappa, 1_000 * load * 60);
  });
});
