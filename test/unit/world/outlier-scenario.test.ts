import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../../engine/index.ts';
import { alike, constant, ms, s, simulate, world } from './build.ts';

const SECOND = s(1);

/** Five servers, 100 requests a second in turn: each gets one every 50 ms. From 5 s on all answers of the first are 500. */
function failing(outlier: NonNullable<ScenarioInput['pools'][number]['outlier']>) {
  return simulate(
    world({
      durationUs: s(60),
      clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 100 } }],
      pools: [
        {
          picker: { name: 'round-robin' },
          backends: alike(5, { service: { default: constant(ms(1)) } }),
          outlier,
        },
      ],
      timeline: [{ do: 'fail', atUs: s(5), backend: 's1', share: 1, status: 500 }],
    }),
  );
}

/** When the first server went out of rotation and came back, seen every 10 ms. */
function spells(simulation: ReturnType<typeof failing>, seconds: number): { fromUs: number; lastsUs: number }[] {
  const found: { fromUs: number; lastsUs: number }[] = [];
  let since: number | undefined;
  for (let nowUs = 0; nowUs <= s(seconds); nowUs += ms(10)) {
    simulation.runUntil(nowUs);
    const out = simulation.backends()[0]!.believed === 'unhealthy';
    if (out && since === undefined) since = nowUs;
    if (!out && since !== undefined) {
      found.push({ fromUs: since, lastsUs: nowUs - since });
      since = undefined;
    }
  }
  return found;
}

describe('500s of real requests', () => {
  const options = { intervalUs: s(1), baseEjectionUs: s(3), maxEjectionPercent: 100 };

  it('eject after five in a row, each time for longer by the base time', () => {
    const [first, second, third] = spells(failing({ name: 'outlier-detection', options }), 40);
    // The fifth of one every 50 ms, its round trip, and 10 ms of looking.
    expect(first!.fromUs - s(5)).toBeGreaterThanOrEqual(ms(200));
    expect(first!.fromUs - s(5)).toBeLessThanOrEqual(ms(5 * 50 + 20));
    for (const [spell, times] of [
      [first!, 1],
      [second!, 2],
      [third!, 3],
    ] as const) {
      // It ends at the first sweep after its time, and sweeps are a second apart.
      expect(spell.lastsUs).toBeGreaterThanOrEqual(s(3 * times) - ms(10));
      expect(spell.lastsUs).toBeLessThanOrEqual(s(3 * times) + SECOND + ms(10));
    }
  });

  it('eject nobody of five at the default of 10 %, unless one always may be', () => {
    const capped = { intervalUs: s(1), baseEjectionUs: s(3) };
    expect(spells(failing({ name: 'outlier-detection', options: capped }), 20)).toEqual([]);
    const one = { ...capped, alwaysEjectOne: true };
    expect(spells(failing({ name: 'outlier-detection', options: one }), 20).length).toBeGreaterThan(0);
  });
});
