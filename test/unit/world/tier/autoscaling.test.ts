import { describe, expect, test } from 'vitest';
import { EVENT_KIND } from '../../../../engine/index.ts';
import type { ScenarioInput } from '../../../../engine/index.ts';
import { rowsOf, s, simulate, world } from '../build.ts';

type Tier = NonNullable<ScenarioInput['tier']>;

/** One node, and two spares; a request ten times a second, as much as two nodes are to take. */
function run(autoscale: Partial<NonNullable<Tier['autoscale']>>, timeline: ScenarioInput['timeline'] = []) {
  const simulation = simulate(
    world({
      durationUs: s(100),
      tier: {
        nodes: [{ id: 'lb' }, { id: 'spare', count: 2, spare: true }],
        reach: { kind: 'ecmp', detectUs: 0 },
        autoscale: {
          maximum: 3,
          startUs: s(15),
          drainUs: s(5),
          policy: { name: 'target-tracking', options: { target: 5, stabiliseUs: 0 } },
          ...autoscale,
        },
      },
      timeline,
    }),
  );
  simulation.runToEnd();
  const times = (kind: number) => rowsOf(simulation, kind).map(([atUs]) => atUs! / 1_000_000);
  const inService = simulation.balancers().flatMap(({ id, inService: is }) => (is ? [id] : []));
  return { simulation, joined: times(EVENT_KIND.nodeJoined), left: times(EVENT_KIND.nodeLeaves), inService };
}

const slower = { do: 'set-rate', atUs: s(50), client: 'c1', rateRps: 4 } as const;

describe('a tier that scales by itself', () => {
  test('starts a spare a look and a start after the rate is too high', () => {
    const { joined, left, inService } = run({});
    expect(joined).toEqual([30]);
    expect(left).toEqual([]);
    expect(inService).toEqual(['lb', 'spare-1']);
  });

  test('stops the newest when the rate has fallen, and ends its machine after the drain', () => {
    const { simulation, left, inService } = run({}, [slower]);
    expect(left).toHaveLength(1);
    expect(inService).toEqual(['lb']);
    expect(simulation.balancers()[1]).toMatchObject({ inService: false, isUp: false });
    expect(simulation.counts.failed).toBe(0);
  });

  test('goes by the requests in flight if told so', () => {
    // A request of 10 ms ten times a second: a tenth of one in flight, of which a node is to have a twentieth.
    const policy = { name: 'target-tracking', options: { target: 0.05, stabiliseUs: 0, tolerance: 0.4 } };
    expect(run({ metric: 'in-flight', policy, sampleUs: 1_000 }).joined.length).toBeGreaterThan(0);
    expect(run({ metric: 'in-flight' }).joined).toEqual([]);
  });

  test('makes up for a node that has died', () => {
    const { joined, inService } = run({}, [{ do: 'kill-balancer', atUs: s(30), balancer: 'lb' }]);
    expect(joined.length).toBeGreaterThan(1);
    expect(inService).toContain('spare-2');
  });

  test('has as many nodes as the tier at most, and as there are at the start at least', () => {
    expect(() => run({ maximum: 4 })).toThrow('at most the 3 nodes');
    expect(() => run({ maximum: 1, minimum: 2 })).toThrow('at least the minimum');
    expect(() => run({ policy: { name: 'magic' } })).toThrow('tier.autoscale.policy');
  });
});
