import { describe, expect, test } from 'vitest';
import { EVENT_KIND, FAILURE, measure } from '../../../../engine/index.ts';
import type { Action, ScenarioInput } from '../../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from '../build.ts';

type Tier = NonNullable<ScenarioInput['tier']>;

/** Two nodes of a VRRP group, and a client that asks every 10 ms. */
function pair(timeline: ScenarioInput['timeline'], reach: object = {}, more: Partial<ScenarioInput> = {}) {
  const tier: Tier = {
    nodes: [
      { id: 'a', priority: 200 },
      { id: 'b', priority: 100 },
    ],
    reach: { kind: 'virtual-ip', ...reach },
  };
  const simulation = simulate(
    world({
      durationUs: s(20),
      clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps: 100 } }],
      pools: [{ picker: { name: 'round-robin' }, backends: alike(2, { service: { default: constant(ms(2)) } }) }],
      tier,
      timeline,
      ...more,
    }),
  );
  simulation.runToEnd();
  return simulation;
}

const announcements = (simulation: ReturnType<typeof pair>) =>
  rowsOf(simulation, EVENT_KIND.address).map(([atUs, , , , node]) => [atUs, node]);
const at = (seconds: number, what: 'kill-balancer' | 'stop-balancer' | 'start-balancer', balancer = 'a'): Action => ({
  do: what,
  balancer,
  atUs: s(seconds),
});

describe('a virtual address passed on by VRRP', () => {
  test('the router of the highest priority takes it once it has heard nobody for three intervals and its skew', () => {
    const simulation = pair([]);
    // 3 s + 56/256 s.
    expect(announcements(simulation)).toEqual([[3_218_750, 0]]);
    expect(simulation.balancers().map(({ role }) => role)).toEqual(['master', 'backup']);
    expect(simulation.balancers().map(({ hasAddress }) => hasAddress)).toEqual([true, false]);
  });

  test('a master that dies is followed after three intervals and the skew of the backup, counted from its last advertisement', () => {
    const simulation = pair([at(10.5, 'kill-balancer')]);
    // The last advertisement left at 10.21875 s and took 100 µs; 3 s + 156/256 s follow.
    expect(announcements(simulation)[1]).toEqual([10_218_750 + 100 + 3_609_375, 1]);
  });

  test('a master that stops resigns, and its backup waits for the skew alone', () => {
    const simulation = pair([at(10.5, 'stop-balancer')]);
    expect(announcements(simulation)[1]).toEqual([10_500_000 + 100 + 609_375, 1]);
  });

  test('requests between the death and the take-over find nobody', () => {
    const simulation = pair([at(10.5, 'kill-balancer')]);
    const lostFor = (from: number, to: number) =>
      measure(simulation.log, { metric: 'failed', failure: 'unreachable', fromUs: s(from), toUs: s(to) });
    // One each 10 ms, from 10.51 s to 13.82 s, and a client gives up 3 s later.
    expect(lostFor(13.4, 17)).toBe(332);
    expect(lostFor(17, 20)).toBe(0);
  });

  test('who comes back preempts, or not', () => {
    const comesBack = [at(6, 'kill-balancer'), at(12, 'start-balancer')];
    expect(announcements(pair(comesBack)).map(([, node]) => node)).toEqual([0, 1, 0]);
    expect(announcements(pair(comesBack, { preempt: false })).map(([, node]) => node)).toEqual([0, 1]);
    const later = announcements(pair(comesBack, { preemptDelayUs: s(2) }));
    expect(later[2]![0]! - announcements(pair(comesBack))[2]![0]!).toBeGreaterThan(s(1));
  });

  test('with the election daemon dead the machine goes on serving until the backup announces the address', () => {
    const simulation = pair([{ do: 'crash-election', balancer: 'a', atUs: s(10.5) }]);
    expect(announcements(simulation).map(([, node]) => node)).toEqual([0, 1]);
    expect(measure(simulation.log, { metric: 'failed', fromUs: s(10) })).toBe(0);
    expect(simulation.balancers().map(({ role }) => role)).toEqual(['none', 'master']);
  });

  test('two that do not hear each other both rule, and the higher has the address back when they do', () => {
    const cut = { do: 'cut-link', balancer: 'a', from: 'b', atUs: s(6) } as const;
    const split = pair([cut]);
    expect(split.balancers().map(({ role }) => role)).toEqual(['master', 'master']);
    const mended = pair([cut, { ...cut, do: 'mend-link', atUs: s(14) }], { askAgainUs: s(2) });
    expect(mended.balancers().map(({ role }) => role)).toEqual(['master', 'backup']);
    expect(announcements(mended).map(([, node]) => node)).toEqual([0, 1, 0]);
  });

  test('with advertisements lost a backup takes over now and then though the master is well', () => {
    const calm = announcements(pair([], {}, { durationUs: s(60) }));
    const lossy = announcements(pair([], { loss: 0.5 }, { durationUs: s(60) }));
    expect(calm).toHaveLength(1);
    expect(lossy.length).toBeGreaterThan(2);
  });
});

describe('a take-over and the connections', () => {
  const busy = (layer: 4 | 7, sync: boolean): Partial<ScenarioInput> => ({
    clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps: 100 }, connections: 50 }],
    balancer: { layer },
    tier: {
      nodes: [
        { id: 'a', priority: 200 },
        { id: 'b', priority: 100 },
      ],
      reach: { kind: 'virtual-ip', advertiseUs: 100_000 },
      sync,
    },
  });
  const killed = [at(10, 'kill-balancer')];

  test('on layer 7 every connection breaks, since only the dead node knew its end', () => {
    expect(pair(killed, {}, busy(7, false)).brokenConnections).toBe(50);
  });

  test('on layer 4 the connections whose backend the heir happens to choose live on; told of them, all do', () => {
    const untold = pair(killed, {}, busy(4, false)).brokenConnections;
    expect(untold).toBeGreaterThan(0);
    expect(untold).toBeLessThan(50);
    expect(pair(killed, {}, busy(4, true)).brokenConnections).toBe(0);
  });

  test('a request that waits for the dead node is reset at the take-over', () => {
    const slow = pair(
      killed,
      {},
      {
        ...busy(7, false),
        pools: [
          { picker: { name: 'round-robin' }, backends: alike(1, { workers: 9, service: { default: constant(s(1)) } }) },
        ],
        clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps: 4 } }],
      },
    );
    const failures = rowsOf(slow, EVENT_KIND.failed);
    const takeover = announcements(slow)[1]![0]!;
    expect(failures.filter(([atUs, , , , why]) => atUs === takeover && why === FAILURE.reset)).toHaveLength(4);
  });
});
