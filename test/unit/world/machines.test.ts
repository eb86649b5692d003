import { describe, expect, it } from 'vitest';
import { EVENT_KIND, measure } from '../../../engine/index.ts';
import type { ScenarioInput } from '../../../engine/index.ts';
import { alike, constant, exponential, ms, rowsOf, s, simulate, world } from './build.ts';
import type { BackendInput } from './build.ts';

type PoolInput = ScenarioInput['pools'][number];

const work = (valueUs: number) => ({ service: { default: constant(valueUs) } });
const pool = (backends: BackendInput[], more: Partial<PoolInput> = {}): PoolInput[] => [
  { picker: { name: 'round-robin' }, backends, ...more },
];
/** Requests every so often, alike. */
const every = (gapUs: number, more = {}) => [
  { id: 'c1', arrivals: { kind: 'constant' as const, rateRps: 1_000_000 / gapUs }, ...more },
];
/** Latencies in the order of ends, in milliseconds. */
function latencies(input: Partial<ScenarioInput>): number[] {
  const simulation = simulate(world(input));
  simulation.runToEnd();
  return rowsOf(simulation, EVENT_KIND.served).map(([, , , , latencyUs]) => latencyUs! / 1_000);
}
const outcome = (input: Partial<ScenarioInput>) => {
  const simulation = simulate(world(input));
  simulation.runToEnd();
  return simulation;
};

describe('a cache', () => {
  const cached = (cache: BackendInput['cache']) => pool(alike(1, { ...work(ms(10)), cache }));
  const keyed = (count: number) => every(ms(100), { requests: [{ path: '/{key}', keys: { count } }] });

  it('misses once for each key that fits, and again after a crash', () => {
    const found = latencies({
      clients: keyed(3),
      pools: cached({ warms: 'keys', capacity: 3, miss: constant(ms(40)) }),
      timeline: [
        { do: 'crash', atUs: s(5) + 1, backend: 's1' },
        { do: 'recover', atUs: s(5) + 2, backend: 's1' },
      ],
    });
    expect(found.filter((latency) => latency === 50)).toHaveLength(6);
    expect(found.filter((latency) => latency === 10)).toHaveLength(found.length - 6);
  });

  it('that is too small for its keys goes on missing', () => {
    const found = latencies({
      clients: keyed(10),
      pools: cached({ warms: 'keys', capacity: 5, miss: constant(ms(40)) }),
    });
    // Evenly asked, the least recently used dropped: half of them hit. 100 requests, SD 5 %, so 4 SD are 20 %.
    expect(found.filter((latency) => latency === 50).length / found.length).toBeGreaterThan(0.3);
    expect(found.filter((latency) => latency === 50).length / found.length).toBeLessThan(0.7);
  });

  it('on a curve warms with the requests it has served', () => {
    const found = latencies({
      durationUs: s(100),
      clients: every(ms(100)),
      pools: cached({ warms: 'curve', warmRequests: 100, warmMissRatio: 0, miss: constant(ms(40)) }),
    });
    const missed = (from: number, to: number) => found.slice(from, to).filter((latency) => latency === 50).length;
    // The sum of e^(-n/100) over n from 0 to 99: 63.5, with a variance of at most 25 (each of 100 is at most 1/4); the bounds are 4 SD.
    expect(missed(0, 100)).toBeGreaterThan(43);
    expect(missed(0, 100)).toBeLessThan(84);
    // From 500 on at most e^-5 of a hundred: 0.4 in the mean.
    expect(missed(500, 600)).toBeLessThan(5);
  });
});

describe('a garbage collector', () => {
  it('stops all work for the pause: what was begun ends as much later', () => {
    const found = latencies({
      durationUs: s(1),
      clients: every(ms(100)),
      pools: pool(
        alike(1, { ...work(ms(50)), collector: { after: 'time', every: constant(ms(520)), pause: constant(ms(30)) } }),
      ),
    });
    // The first pause begins at 520 ms, 20 ms into the request of 500 ms.
    expect(found).toEqual([50, 50, 50, 50, 80, 50, 50, 50, 50]);
  });

  it('that waits for allocations pauses once for as many requests as fill the heap', () => {
    const found = latencies({
      durationUs: s(4.05),
      clients: every(ms(100)),
      pools: pool(
        alike(1, {
          ...work(ms(10)),
          collector: { after: 'allocation', bytesPerRequest: 100, heapBytes: 1_000, pause: constant(ms(30)) },
        }),
      ),
    });
    expect(found.map((latency, at) => (latency === 40 ? at + 1 : 0)).filter((at) => at > 0)).toEqual([10, 20, 30, 40]);
  });

  it('has the requests that come meanwhile wait, however full the queue', () => {
    const simulation = outcome({
      durationUs: s(1),
      clients: every(ms(10)),
      pools: pool(
        alike(1, {
          ...work(ms(1)),
          queueLimit: 0,
          collector: { after: 'time', every: constant(ms(505)), pause: constant(ms(200)) },
        }),
      ),
    });
    // Rejected are the two that come while it works off what has waited.
    expect(rowsOf(simulation, EVENT_KIND.failed).map(([atUs]) => atUs)).toEqual([ms(710), ms(720)]);
    expect(measure(simulation.log, { metric: 'max' })).toBeGreaterThan(ms(190));
  });

  it('keeps an HTTP check waiting until the pause is over; a TCP check passes at once', () => {
    const probed = (check: 'http' | 'tcp') =>
      rowsOf(
        outcome({
          durationUs: s(5),
          pools: pool(
            alike(1, {
              ...work(ms(1)),
              collector: { after: 'time', every: constant(s(1)), pause: constant(s(3)) },
            }),
            { health: { check, intervalUs: s(1), timeoutUs: ms(500) } },
          ),
        }),
        EVENT_KIND.probed,
      ).map(([, , , , passed]) => passed);
    expect(probed('tcp')).not.toContain(0);
    expect(probed('http').filter((passed) => passed === 0).length).toBeGreaterThanOrEqual(2);
  });
});

describe('a limit on connections', () => {
  it('holds what fits and refuses the rest', () => {
    const simulation = outcome({
      durationUs: s(1),
      clients: every(ms(10)),
      pools: pool(alike(1, { ...work(s(2)), connectionLimit: { max: 2, backlog: 3 } })),
    });
    expect(simulation.backends()[0]).toMatchObject({ busy: 1, queued: 4 });
    expect(measure(simulation.log, { metric: 'failed', failure: 'refused' })).toBe(simulation.counts.arrived - 5);
  });
});

describe('a database that backends share', () => {
  const database = { id: 'db', workers: 1, service: constant(ms(20)) };
  const onDatabase = (more: Partial<BackendInput> = {}) =>
    pool(alike(2, { ...work(ms(10)), dependsOn: ['db'], ...more }));

  it('adds what it takes to each request, while the worker waits', () => {
    const found = latencies({ clients: every(ms(100)), pools: onDatabase(), dependencies: [database] });
    expect(new Set(found)).toEqual(new Set([30]));
  });

  it('has the calls of all backends wait in one queue', () => {
    const found = latencies({
      durationUs: s(1),
      clients: every(ms(200), { id: 'c1' }).concat(every(ms(200), { id: 'c2' })),
      pools: onDatabase(),
      dependencies: [database],
    });
    // Two at once, one for each backend: their own work side by side, then one after the other at the database.
    expect(found).toEqual([30, 50, 30, 50, 30, 50, 30, 50]);
  });

  it('fails the requests whose calls time out, and works on', () => {
    const simulation = outcome({
      durationUs: s(1),
      clients: every(ms(100)),
      pools: onDatabase(),
      dependencies: [{ ...database, service: constant(ms(90)), timeoutUs: ms(40) }],
    });
    expect(simulation.counts.served).toBe(0);
    const ends = rowsOf(simulation, EVENT_KIND.failed).map(([atUs]) => atUs);
    expect(ends[0]).toBe(ms(100 + 10 + 40));
  });

  it('that breaks fails what is under way and all that come, until it is mended', () => {
    const simulation = outcome({
      durationUs: s(1),
      clients: every(ms(100)),
      pools: onDatabase(),
      dependencies: [database],
      timeline: [
        { do: 'break-dependency', atUs: ms(315), dependency: 'db' },
        { do: 'mend-dependency', atUs: ms(550), dependency: 'db' },
      ],
    });
    expect(rowsOf(simulation, EVENT_KIND.failed).map(([atUs]) => atUs)).toEqual([ms(315), ms(410), ms(510)]);
    expect(simulation.counts.served).toBe(6);
  });

  it('takes no harm from a backend that crashes while it waits', () => {
    const simulation = outcome({
      durationUs: s(1.95),
      clients: every(ms(100)),
      pools: onDatabase(),
      dependencies: [database],
      timeline: [
        { do: 'crash', atUs: ms(115), backend: 's1' },
        { do: 'recover', atUs: ms(350), backend: 's1' },
      ],
    });
    expect(rowsOf(simulation, EVENT_KIND.failed).map(([atUs]) => atUs)).toEqual([ms(115), ms(300)]);
    for (const { busy, queued } of simulation.backends()) expect([busy, queued]).toEqual([0, 0]);
  });

  it('gives a machine that is stopped its answer when that goes on', () => {
    const found = latencies({
      durationUs: ms(250),
      clients: every(ms(100)),
      pools: pool(
        alike(1, {
          ...work(ms(10)),
          dependsOn: ['db'],
          collector: { after: 'time', every: constant(ms(120)), pause: constant(ms(50)) },
        }),
      ),
      dependencies: [database],
    });
    // Called at 110 ms, answered at 130 ms, and stopped from 120 to 170.
    expect(found[0]).toBe(70);
  });

  it.each([
    ['http', true],
    ['readiness', true],
    ['deep', false],
  ] as const)('slowed down until calls take long, leaves a pool with %s checks in service: %s', (check, stays) => {
    const simulation = outcome({
      durationUs: s(20),
      clients: every(ms(100)),
      pools: onDatabase().map((one) => ({ ...one, health: { check, intervalUs: s(1), timeoutUs: ms(500) } })),
      dependencies: [{ ...database, service: exponential(ms(900)) }],
    });
    expect(simulation.backends().every(({ believed }) => (believed === 'healthy') === stays)).toBe(true);
  });
});
