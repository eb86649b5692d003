import { describe, expect, it } from 'vitest';
import { EVENT_KIND, FAILURE } from '../../../engine/index.ts';
import type { ScenarioInput, Simulation } from '../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from './build.ts';

const { connected, served, failed, retried, started } = EVENT_KIND;

type PoolInput = ScenarioInput['pools'][number];
type Connections = NonNullable<PoolInput['connections']>;

/** The line to the backend takes 5 ms each way: a round trip of 10 ms. The backend needs 10 ms. */
function backend(connections: Connections, pool: Partial<PoolInput> = {}, input: Partial<ScenarioInput> = {}) {
  return simulate(
    world({
      network: { clientToBalancer: constant(0), balancerToBackend: constant(ms(5)) },
      pools: [
        {
          picker: { name: 'round-robin' },
          backends: alike(1, { service: { default: constant(ms(10)) }, workers: 10 }),
          connections,
          ...pool,
        },
      ],
      ...input,
    }),
  );
}

const every = (gapUs: number, method = 'GET'): ScenarioInput['clients'] => [
  { id: 'c1', arrivals: { kind: 'constant', rateRps: 1_000_000 / gapUs }, requests: [{ method }] },
];
const latencies = (simulation: Simulation) => rowsOf(simulation, served).map(([, , , , latencyUs]) => latencyUs);
const opened = (simulation: Simulation) => rowsOf(simulation, connected).map(([, , , , tookUs]) => tookUs);

describe('a connection to a backend', () => {
  it.each([
    ['TCP', {}, 10],
    ['TLS 1.3', { tls: { version: '1.3', cpuUs: 0 } }, 20],
    ['TLS 1.2', { tls: { version: '1.2', cpuUs: 0 } }, 30],
    ['TLS 1.3 with 2 ms of computing', { tls: { version: '1.3', cpuUs: 2000 } }, 22],
  ] as const)('costs its first request the round trips of %s, and the others nothing', (_, settings, costMs) => {
    const simulation = backend(settings);
    simulation.runUntil(ms(350));
    expect(opened(simulation)).toEqual([ms(costMs)]);
    expect(latencies(simulation)).toEqual([ms(20 + costMs), ms(20), ms(20)]);
  });

  it('is opened for each request where none is kept', () => {
    const simulation = backend({ idle: 0 });
    simulation.runUntil(ms(350));
    expect(latencies(simulation)).toEqual([ms(30), ms(30), ms(30)]);
  });

  it('is closed after so many requests', () => {
    const simulation = backend({ maxRequests: 2 });
    simulation.runUntil(ms(550));
    expect(latencies(simulation)).toEqual([ms(30), ms(20), ms(30), ms(20), ms(30)]);
  });

  it('is closed when it has been idle for so long, but not one of the least number', () => {
    const closing = backend({ idleTimeoutUs: ms(50) });
    closing.runUntil(ms(350));
    expect(opened(closing)).toHaveLength(3);
    const keeping = backend({ idleTimeoutUs: ms(50), min: 1 });
    keeping.runUntil(ms(350));
    expect(opened(keeping)).toEqual([]);
    expect(latencies(keeping)).toEqual([ms(20), ms(20), ms(20)]);
  });

  it('is not used when it is too old', () => {
    const simulation = backend({ lifetimeUs: ms(150) });
    simulation.runUntil(ms(450));
    expect(latencies(simulation)).toEqual([ms(30), ms(20), ms(30), ms(20)]);
  });

  it('cannot be opened to a crashed backend: refused after a round trip; and the idle ones are gone', () => {
    const simulation = backend({}, {}, { timeline: [{ do: 'crash', atUs: ms(150), backend: 's1' }] });
    simulation.runUntil(ms(250));
    expect(rowsOf(simulation, failed)).toEqual([[ms(210), failed, 2, 0, FAILURE.refused]]);
  });
});

describe('the most connections', () => {
  const burst: Partial<ScenarioInput> = { clients: every(ms(1)) };

  it('let the next request wait in the queue of the pool for a free one', () => {
    const simulation = backend({ max: 2 }, { queue: {} }, burst);
    simulation.runUntil(ms(60));
    // Two connections open by 12 ms and are used again from 31 and 32 ms on, when the first two are answered.
    expect(opened(simulation)).toEqual([ms(10), ms(10)]);
    expect(rowsOf(simulation, started).map(([atUs]) => atUs)).toEqual([ms(16), ms(17), ms(36), ms(37), ms(56), ms(57)]);
  });

  it('refuse it where there is no queue', () => {
    const simulation = backend({ max: 2 }, {}, burst);
    simulation.runUntil(ms(5));
    expect(rowsOf(simulation, failed).map(([, , request, , failure]) => [request, failure])).toEqual([
      [3, FAILURE.noBackend],
      [4, FAILURE.noBackend],
      [5, FAILURE.noBackend],
    ]);
  });
});

describe('a backend that closes idle connections before the balancer does', () => {
  // A request each 100 ms. The first leaves the balancer at 110 ms and is answered by the backend at 125 ms.
  const closesAt = (atMs: number): Connections => ({ backendIdleTimeoutUs: ms(atMs - 125) });

  it('resets the request that is on its way just then', () => {
    // The second leaves at 200 ms and arrives at 205 ms.
    const simulation = backend(closesAt(203));
    simulation.runUntil(ms(250));
    expect(rowsOf(simulation, failed)).toEqual([[ms(210), failed, 2, 0, FAILURE.reset]]);
  });

  it('also when the request left after the closing, before the balancer heard of it', () => {
    const simulation = backend(closesAt(197));
    simulation.runUntil(ms(250));
    expect(rowsOf(simulation, failed)).toEqual([[ms(210), failed, 2, 0, FAILURE.reset]]);
  });

  it.each([
    ['the balancer has heard of it', 194, [ms(30), ms(30)]],
    ['the request comes first', 206, [ms(30), ms(20)]],
  ])('does no harm when %s', (_, atMs, expected) => {
    const simulation = backend(closesAt(atMs));
    simulation.runUntil(ms(250));
    expect(latencies(simulation)).toEqual(expected);
  });

  it('is made good by a retry of what may be carried out twice, on a new connection', () => {
    const simulation = backend(closesAt(203), { retry: {} });
    simulation.runUntil(ms(250));
    expect(rowsOf(simulation, retried)).toHaveLength(1);
    // 10 ms until the reset, then a connection (10 ms) and the request itself (20 ms).
    expect(latencies(simulation)).toEqual([ms(30), ms(40)]);
  });

  it('fails a POST, which may not', () => {
    const simulation = backend(closesAt(203), { retry: {} }, { clients: every(ms(100), 'POST') });
    simulation.runUntil(ms(250));
    expect(rowsOf(simulation, failed)).toHaveLength(1);
  });

  it('is harmless when the balancer is the first to close', () => {
    const simulation = backend({ backendIdleTimeoutUs: ms(78), idleTimeoutUs: ms(60) });
    simulation.runUntil(s(1));
    expect(rowsOf(simulation, failed)).toEqual([]);
  });
});
