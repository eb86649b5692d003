import { describe, expect, it } from 'vitest';
import { EVENT_KIND, FAILURE } from '../../../engine/index.ts';
import type { ScenarioInput } from '../../../engine/index.ts';
import { ScenarioError } from '../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from './build.ts';

type ClientInput = ScenarioInput['clients'][number];

const client: ClientInput = {
  id: 'phone',
  transport: 'udp',
  arrivals: { kind: 'constant', rateRps: 1 },
  connections: 1,
  timeoutUs: ms(200),
};

/** One datagram each second from one socket, to two backends in turn. */
function datagrams(input: Partial<ScenarioInput> = {}, of: Partial<ClientInput> = {}) {
  return world({
    clients: [{ ...client, ...of }],
    balancer: { layer: 4, connectionTable: { udpIdleTimeoutUs: s(5) } },
    pools: [{ picker: { name: 'round-robin' }, backends: alike(2, { service: { default: constant(ms(10)) } }) }],
    ...input,
  });
}

function run(scenario: ReturnType<typeof world>) {
  const simulation = simulate(scenario);
  simulation.runToEnd();
  return simulation;
}

const backendsOf = (scenario: ReturnType<typeof world>) =>
  rowsOf(run(scenario), EVENT_KIND.picked).map(([, , , backend]) => backend);

describe('a flow of UDP', () => {
  it('stays with its backend while it is heard of, and begins anew after a silence', () => {
    expect(new Set(backendsOf(datagrams()))).toEqual(new Set([0]));
    const forgetful = { layer: 4, connectionTable: { udpIdleTimeoutUs: ms(900) } } as const;
    expect(backendsOf(datagrams({ balancer: forgetful })).slice(0, 4)).toEqual([0, 1, 0, 1]);
  });

  it('is forgotten after the time of UDP, not that of TCP', () => {
    const balancer = { layer: 4, connectionTable: { idleTimeoutUs: ms(1), udpIdleTimeoutUs: s(5) } } as const;
    expect(new Set(backendsOf(datagrams({ balancer })))).toEqual(new Set([0]));
  });

  it('leaves a row for each new port until that has been quiet for long enough', () => {
    const simulation = run(datagrams({}, { connections: undefined, arrivals: { kind: 'constant', rateRps: 100 } }));
    // Little's law: 100 a second for 5 s. The last one came at the very end.
    expect(simulation.look().balancer.layer4.datagrams.size).toBe(500);
  });

  it('waits for nothing when its backend is dead, and goes on being led there until that leaves the pool', () => {
    const simulation = run(
      datagrams({
        timeline: [
          { do: 'crash', atUs: ms(2_500), backend: 's1' },
          { do: 'remove-backend', atUs: ms(5_500), backend: 's1' },
        ],
      }),
    );
    const failed = rowsOf(simulation, EVENT_KIND.failed);
    expect(failed.map(([atUs, , , backend, value]) => [atUs, backend, value])).toEqual([
      [ms(3_200), 0, FAILURE.abandoned],
      [ms(4_200), 0, FAILURE.abandoned],
      [ms(5_200), 0, FAILURE.abandoned],
    ]);
    expect(rowsOf(simulation, EVENT_KIND.picked).slice(5)[0]![3]).toBe(1);
  });

  it('loses what was being served in a crash without a word', () => {
    const backends = alike(2, { service: { default: constant(ms(100)) } });
    const simulation = run(
      datagrams({
        pools: [{ picker: { name: 'round-robin' }, backends }],
        timeline: [
          { do: 'crash', atUs: ms(1_050), backend: 's1' },
          { do: 'recover', atUs: ms(1_500), backend: 's1' },
        ],
      }),
    );
    expect(rowsOf(simulation, EVENT_KIND.failed).map(([atUs, , , , value]) => [atUs, value])).toEqual([
      [ms(1_200), FAILURE.abandoned],
    ]);
  });
});

describe('a datagram that is lost', () => {
  const lossy = (from: string, to: string) =>
    datagrams({
      network: {
        clientToBalancer: constant(ms(5)),
        balancerToBackend: constant(ms(1)),
        links: [{ between: [from, to], oneWay: true, loss: 1 }],
      },
    });

  it.each([
    ['on its way to the balancer', 'clients', 'balancers', 0],
    ['on its way to the backend', 'balancers', 'backends', 9],
    ['on its way back', 'backends', 'balancers', 9],
    ['as an answer', 'balancers', 'clients', 9],
  ])('%s is not sent again, and its client gives up in time', (_, from, to, picks) => {
    const simulation = run(lossy(from, to));
    const failed = rowsOf(simulation, EVENT_KIND.failed);
    expect(failed.map(([atUs]) => atUs)).toEqual(Array.from({ length: 9 }, (_, at) => ms(1_000 * (at + 1) + 200)));
    expect(new Set(failed.map(([, , , , value]) => value))).toEqual(new Set([FAILURE.abandoned]));
    expect(simulation.counts.served).toBe(0);
    expect(rowsOf(simulation, EVENT_KIND.picked)).toHaveLength(picks);
  });
});

it('an address that moves to another node breaks no flow of UDP', () => {
  const reach = { kind: 'virtual-ip', advertiseUs: ms(100) } as const;
  const simulation = run(
    datagrams({
      tier: { nodes: [{ id: 'n1', priority: 200 }, { id: 'n2' }], reach },
      timeline: [{ do: 'kill-balancer', atUs: ms(4_500), balancer: 'n1' }],
    }),
  );
  expect(simulation.brokenConnections).toBe(0);
  expect(simulation.counts).toEqual({ arrived: 10, served: 9, failed: 0 });
});

describe('what goes with UDP', () => {
  it.each<[string, string, Partial<ScenarioInput>, Partial<ClientInput>]>([
    ['layer 7', 'clients[0].transport', { balancer: { layer: 7 } }, {}],
    ['direct server return', 'clients[0].transport', { balancer: { layer: 4, mode: 'dsr' } }, {}],
    ['a client that waits for ever', 'clients[0].timeoutUs', {}, { timeoutUs: undefined }],
    ['a handshake', 'clients[0].tcpHandshake', {}, { tcpHandshake: true }],
    ['connections that are closed', 'clients[0].keepAlive', {}, { keepAlive: {} }],
    [
      'a listener of TCP',
      'clients[0].transport',
      { balancer: { listeners: [{ id: 'l', protocol: 'tcp', port: 80 }] } },
      {},
    ],
  ])('is not %s, and the error says where', (_, field, input, of) => {
    expect(() => datagrams(input, of)).toThrow(ScenarioError);
    expect(() => datagrams(input, of)).toThrow(field);
  });
});
