import { describe, expect, test } from 'vitest';
import type { ScenarioInput } from '../../../../engine/index.ts';
import { alike, constant, ms, s, simulate, world } from '../build.ts';

type Tier = NonNullable<ScenarioInput['tier']>;
type Reach = Extract<NonNullable<Tier['reach']>, { kind: 'ecmp' }>;

const CONNECTIONS = 2_000;
const BACKENDS = 10;

/** 2,000 connections of one request a second each over ten L4 nodes; what becomes of them if things happen. */
function broken(hashing: Reach['hashing'], flowTable: Tier['flowTable'], timeline: ScenarioInput['timeline']) {
  const simulation = simulate(
    world({
      durationUs: s(3.5),
      clients: [{ id: 'c', arrivals: { kind: 'constant', rateRps: CONNECTIONS }, connections: CONNECTIONS }],
      balancer: { layer: 4, mode: 'dsr' },
      pools: [
        {
          picker: { name: 'random' },
          backends: alike(BACKENDS, { workers: 40, service: { default: constant(ms(1)) } }),
        },
      ],
      tier: { nodes: [{ id: 'lb', count: 10 }], reach: { kind: 'ecmp', hashing, detectUs: 0 }, flowTable },
      timeline,
    }),
    { trace: false },
  );
  simulation.runToEnd();
  return simulation.brokenConnections / CONNECTIONS;
}

const lost = [{ do: 'kill-balancer', balancer: 'lb-5', atUs: s(1.5) }] as const;
const backendLeaves = [{ do: 'disable', backend: 's4', atUs: s(1.5) }] as const;
const both = [...backendLeaves, ...lost] as const;
const none = { name: 'private-hash' };
const maglev = { name: 'maglev' };
const remembering = { name: 'maglev-with-table' };
const table = { name: 'connection-table' };

/** Of a share, three standard deviations of a draw of 2,000 and the resilient table's own: 1 bucket of 128. */
const near = (share: number) => 3 * Math.sqrt((share * (1 - share)) / CONNECTIONS) + 1 / 128;
const expectShare = (got: number, share: number) => {
  expect(Math.abs(got - share)).toBeLessThan(near(share));
};

describe('one of ten L4 nodes behind ECMP is lost', () => {
  test('modulo and a choice of each node: nine tenths change node, and nine tenths of those their backend', () => {
    expectShare(broken('modulo', none, [...lost]), 0.9 * 0.9);
  });

  test('a resilient table moves only the flows of the lost node', () => {
    expectShare(broken('resilient', none, [...lost]), 0.1 * 0.9);
  });

  test('hash-threshold moves more than that and less than modulo', () => {
    // RFC 2992: 36.7 % on average over which hop is lost; of the fifth of ten, 25 % + 1/40.
    expectShare(broken('hash-threshold', none, [...lost]), (0.25 + 1 / 40) * 0.9);
  });

  test('with Maglev any node finds the same backend, and nothing breaks', () => {
    expect(broken('modulo', maglev, [...lost])).toBe(0);
  });

  test('a table of connections alone knows nothing of flows that come from elsewhere', () => {
    expectShare(broken('resilient', table, [...lost]), 0.1);
  });
});

describe('a backend leaves the pool', () => {
  test('Maglev alone breaks its connections, and a few of others', () => {
    const share = broken('resilient', maglev, [...backendLeaves]);
    expect(share).toBeGreaterThan(0.09);
    expect(share).toBeLessThan(0.2);
  });

  test('a table in front of it keeps those that Maglev would have moved', () => {
    expect(broken('resilient', remembering, [...backendLeaves])).toBeLessThan(
      broken('resilient', maglev, [...backendLeaves]),
    );
  });

  test('and of those only flows that change their node at the same time are lost', () => {
    const alone = broken('resilient', remembering, [...backendLeaves]);
    expect(broken('resilient', remembering, [...both])).toBeGreaterThanOrEqual(alone);
    expect(broken('modulo', remembering, [...both])).toBeGreaterThan(broken('resilient', remembering, [...both]));
  });
});
