import { describe, expect, test } from 'vitest';
import { EVENT_KIND } from '../../../../engine/index.ts';
import type { ScenarioInput } from '../../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from '../build.ts';

type Autoscale = NonNullable<ScenarioInput['pools'][number]['autoscale']>;

/** A pool that looks every second, starts at once, and wants a mean of half of what its members can do. */
function scaled(autoscale: Partial<Autoscale>, rateRps: number, input: Partial<ScenarioInput> = {}) {
  const simulation = simulate(
    world({
      durationUs: s(60),
      clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps } }],
      pools: [
        {
          picker: { name: 'least-connections' },
          autoscale: {
            maximum: 10,
            everyUs: s(1),
            sampleUs: ms(101),
            startUs: s(5),
            policy: { name: 'target-tracking', options: { target: 0.5, stabiliseUs: s(5) } },
            drainUs: s(2),
            ...autoscale,
          },
          backends: alike(2, { workers: 1, service: { default: constant(ms(50)) } }),
        },
      ],
      ...input,
    }),
  );
  simulation.runToEnd();
  const events = (kind: number) => rowsOf(simulation, kind).map(([atUs, , , backend]) => [atUs! / s(1), backend!]);
  const members = simulation.backends().filter(({ believed }) => believed !== 'removed').length;
  return { simulation, members, joined: events(EVENT_KIND.joined), left: events(EVENT_KIND.left) };
}

describe('a pool that scales by itself', () => {
  test('grows until each member is half busy: 100 a second of 50 ms are five workers, so ten', () => {
    const { members, joined } = scaled({ maximum: 20 }, 100);
    expect(members).toBeGreaterThanOrEqual(9);
    expect(members).toBeLessThanOrEqual(11);
    // The first look is after a second, and a start takes five.
    expect(joined[0]![0]).toBe(6);
  });

  test('stops at its maximum', () => {
    expect(scaled({ maximum: 4 }, 100).members).toBe(4);
  });

  test('shrinks to its minimum, the newest first, and who is taken out finishes what it has', () => {
    const { members, left, simulation } = scaled({ minimum: 1 }, 60, {
      timeline: [{ do: 'set-rate', atUs: s(30), client: 'c1', rateRps: 1 }],
    });
    expect(members).toBe(1);
    expect(simulation.counts.failed).toBe(0);
    const order = left.map(([, backend]) => backend!);
    expect(order).toEqual(order.toSorted((one, other) => other - one));
  });

  test('tracks requests in flight, or a rate, as well', () => {
    const policy = (target: number) => ({ name: 'target-tracking', options: { target, stabiliseUs: s(5) } });
    // 60 a second of 50 ms are 3 in flight; half of one each makes 6. At ten a second each they are 6, too.
    for (const autoscale of [
      { metric: 'in-flight', policy: policy(0.5) },
      { metric: 'rate', policy: policy(10) },
    ] as const) {
      const { members } = scaled({ ...autoscale, maximum: 20 }, 60);
      expect(members).toBeGreaterThanOrEqual(5);
      expect(members).toBeLessThanOrEqual(9);
    }
  });

  test('makes up for a member that has died', () => {
    const { members, joined } = scaled({}, 20, { timeline: [{ do: 'crash', atUs: s(20), backend: 's1' }] });
    expect(joined.some(([at]) => at! > 20)).toBe(true);
    expect(members).toBeGreaterThan(2);
  });

  test('is refused with bounds that contradict each other', () => {
    expect(() => scaled({ maximum: 1 }, 1)).toThrow(
      /autoscale\.maximum: found 1, expected at least the minimum, 1, and the 2 backends/,
    );
    expect(() => scaled({ sampleUs: s(2) }, 1)).toThrow(/autoscale\.sampleUs: found 2000000, expected at most everyUs/);
    expect(() => scaled({ policy: { name: 'target-traking' } }, 1)).toThrow(/Did you mean "target-tracking"/);
  });
});
