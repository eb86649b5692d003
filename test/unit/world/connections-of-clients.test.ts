import { describe, expect, it } from 'vitest';
import { EVENT_KIND } from '../../../engine/index.ts';
import type { Request, ScenarioInput, Simulation } from '../../../engine/index.ts';
import { policiesFor, Simulation as Run } from '../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from './build.ts';

type ClientInput = ScenarioInput['clients'][number];

function run(input: Partial<ScenarioInput>): Simulation {
  const simulation = simulate(world(input));
  simulation.runToEnd();
  return simulation;
}

/** One client of 10 requests a second, and 10 ms of work for each. */
const one = (client: Partial<ClientInput>): ClientInput[] => [
  { id: 'c1', arrivals: { kind: 'constant', rateRps: 10 }, ...client },
];
const network = { clientToBalancer: constant(ms(20)), balancerToBackend: constant(0) };

describe('opening a connection to the balancer', () => {
  const https = (tls: object, client: Partial<ClientInput> = {}) =>
    run({
      network,
      clients: one({ port: 443, ...client }),
      balancer: { listeners: [{ id: 'secure', protocol: 'https', port: 443, tls }] },
    });
  const latencyMs = ({ latencies }: Simulation) => latencies.mean / 1000;

  it('costs nothing unless asked for: a round trip and the work', () => {
    expect(latencyMs(run({ network, clients: one({}) }))).toBe(50);
  });

  it('takes a round trip for TCP', () => {
    const simulation = run({ network, clients: one({ tcpHandshake: true }) });
    expect(latencyMs(simulation)).toBe(90);
    expect(simulation.handshakes.counts).toMatchObject({ tcp: 100, full: 0, resumed: 0 });
  });

  it('takes one more for TLS 1.3 and two more for 1.2, and what the node computes', () => {
    expect(latencyMs(https({ cpuUs: ms(1) }))).toBe(91);
    expect(latencyMs(https({ version: '1.2', cpuUs: ms(1) }))).toBe(131);
    expect(latencyMs(https({ cpuUs: ms(1) }, { tcpHandshake: true }))).toBe(131);
  });

  it('is cheaper for who resumes', () => {
    const resumed = { resumed: 1, cpuUs: ms(5), resumedCpuUs: ms(1) };
    expect(latencyMs(https(resumed))).toBe(91);
    expect(latencyMs(https({ version: '1.2', ...resumed }))).toBe(91);
    const half = https({ resumed: 0.5 }, { arrivals: { kind: 'constant', rateRps: 1_000 } }).handshakes.counts;
    expect(half.full + half.resumed).toBeGreaterThan(9_900);
    // Four deviations of 10,000 tosses.
    expect(Math.abs(half.resumed / (half.full + half.resumed) - 0.5)).toBeLessThan(0.02);
  });

  it('happens once for a connection that stays', () => {
    const simulation = https({}, { connections: 2 });
    expect(simulation.handshakes.counts.full).toBe(2);
  });

  it('is refused where no TLS is spoken', () => {
    const listeners = [{ id: 'plain', protocol: 'http', port: 80, tls: {} }] as const;
    expect(() => world({ balancer: { listeners: [...listeners] } })).toThrow(/listeners\[0\]\.tls.*https/);
  });
});

/** What a picker is shown of the requests of a run. */
function seen(client: Partial<ClientInput>): Request[] {
  const requests: Request[] = [];
  const scenario = world({ clients: one(client) });
  const picker = { pick: (backends: readonly never[], request: Request) => (requests.push(request), backends[0]) };
  const simulation = new Run(scenario, { ...policiesFor(scenario), pools: new Map([['default', { picker }]]) });
  simulation.runToEnd();
  return requests;
}

describe('long-lived connections', () => {
  const numbers = (client: Partial<ClientInput>) => seen(client).map(({ connection }) => connection);

  it('are closed when they have carried all they may', () => {
    const of = numbers({ connections: 1, keepAlive: { maxRequests: 4 } });
    expect(of.slice(0, 9)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3]);
  });

  it('are closed when they have idled too long', () => {
    const arrivals = { kind: 'recorded', timesUs: [0, ms(50), ms(200), ms(240)] } as const;
    const of = numbers({
      connections: 1,
      arrivals: { ...arrivals, timesUs: [...arrivals.timesUs] },
      keepAlive: { idleTimeoutUs: ms(100) },
    });
    expect(of).toEqual([1, 1, 2, 2]);
  });
});

describe('users behind one address', () => {
  it('have the first one’s, and the others their own', () => {
    const requests = seen({ users: 10, behindNat: 0.4, arrivals: { kind: 'constant', rateRps: 100 } });
    const addresses = new Set(requests.map(({ sourceAddress }) => sourceAddress));
    expect(addresses.size).toBe(7);
    const shared = requests.filter(({ sourceAddress }) => sourceAddress === '198.51.100.1').length;
    // Five deviations of 1,000 draws at 0.4.
    expect(Math.abs(shared / requests.length - 0.4)).toBeLessThan(0.08);
  });
});

describe('a stream', () => {
  const streams = (more: Partial<ScenarioInput> = {}, lastsUs = s(2)) =>
    world({
      clients: one({ requests: [{ stream: { lasts: constant(lastsUs) } }], timeoutUs: ms(500) }),
      pools: [{ picker: { name: 'round-robin' }, backends: alike(2, { service: { default: constant(ms(10)) } }) }],
      balancer: { timeoutUs: ms(100) },
      ...more,
    });

  it('is in flight as long as it lasts, and keeps no worker busy', () => {
    const simulation = simulate(streams());
    simulation.runUntil(s(5) + ms(50));
    // 10 a second that last 2.01 s each: 20 are open, half of them at each backend.
    expect(simulation.backends().map(({ inFlight, busy }) => [inFlight, busy])).toEqual([
      [10, 0],
      [10, 0],
    ]);
  });

  it('is not ended by the timers of requests, and its latency is its length', () => {
    const simulation = simulate(streams());
    simulation.runToEnd();
    expect(simulation.counts.failed).toBe(0);
    expect(simulation.latencies.mean).toBeCloseTo(s(2.01), -1);
  });

  it('dies with its machine', () => {
    const simulation = simulate(streams({ timeline: [{ do: 'crash', atUs: s(5) + ms(50), backend: 's1' }] }));
    simulation.runUntil(s(5) + ms(51));
    expect(simulation.counts.failed).toBe(10);
    expect(simulation.backends()[0]!.inFlight).toBe(0);
    expect(simulation.backends()[1]!.inFlight).toBe(10);
  });

  it('stays on a backend that drains, until the drain cuts it off', () => {
    const simulation = simulate(
      streams({ timeline: [{ do: 'drain', atUs: s(5) + ms(50), backend: 's1', timeoutUs: ms(500) }] }),
    );
    simulation.runUntil(s(5) + ms(500));
    expect(simulation.backends()[0]!.inFlight).toBeGreaterThan(5);
    simulation.runUntil(s(6));
    expect(simulation.backends()[0]!.inFlight).toBe(0);
    expect(rowsOf(simulation, EVENT_KIND.drained).length).toBe(1);
  });

  it('is opened elsewhere if the first attempt fails, and counts there', () => {
    const scenario = streams({
      pools: [
        {
          picker: { name: 'round-robin' },
          retry: {},
          backends: alike(2, { service: { default: constant(ms(10)) } }),
        },
      ],
      timeline: [{ do: 'crash', atUs: 0, backend: 's1' }],
    });
    const simulation = simulate(scenario);
    simulation.runUntil(s(5) + ms(50));
    expect(simulation.backends().map(({ inFlight }) => inFlight)).toEqual([0, 20]);
    simulation.runToEnd();
    expect(simulation.counts.failed).toBe(0);
  });
});
