import { describe, expect, it } from 'vitest';
import { EVENT_KIND, measure } from '../../../engine/index.ts';
import type { ScenarioInput } from '../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from './build.ts';

type Links = NonNullable<NonNullable<ScenarioInput['network']>['links']>;

const near = { clientToBalancer: constant(0), balancerToBackend: constant(ms(1)) };
const backends = alike(2, { workers: 100, service: { default: constant(ms(10)) } }).map((backend, at) => ({
  ...backend,
  zone: at === 0 ? 'a' : 'b',
}));
const pools = [{ picker: { name: 'round-robin' }, backends }];

function run(links: Links, more: Partial<ScenarioInput> = {}) {
  const simulation = simulate(world({ pools, network: { ...near, links }, ...more }));
  simulation.runToEnd();
  return simulation;
}
/** Milliseconds, in the order of ends. */
const latencies = (simulation: ReturnType<typeof run>) =>
  rowsOf(simulation, EVENT_KIND.served).map(([, , , , latencyUs]) => latencyUs! / 1_000);

describe('links', () => {
  it('add their time, in both directions, for whom they lie between', () => {
    const far = run([{ between: ['balancers', 'zone:b'], latency: constant(ms(20)) }], { durationUs: s(1) });
    // Turns: s1 in zone a, s2 in zone b.
    expect(latencies(far)).toEqual([12, 52, 12, 52, 12, 52, 12, 52, 12]);
  });

  it('of one way add it once', () => {
    const far = run([{ between: ['backend:s1', 'balancers'], oneWay: true, latency: constant(ms(20)) }], {
      durationUs: ms(350),
    });
    expect(latencies(far)).toEqual([32, 12, 32]);
  });

  it('of all on the way add up', () => {
    const both = run(
      [
        { between: ['clients', 'balancers'], latency: constant(ms(5)) },
        { between: ['balancers', 'backends'], latency: constant(ms(7)) },
      ],
      { durationUs: ms(350) },
    );
    expect(latencies(both)).toEqual([36, 36, 36]);
  });

  it('take the time that bytes take, one message after the other', () => {
    const clients = [
      {
        id: 'c1',
        arrivals: { kind: 'constant' as const, rateRps: 10 },
        requests: [{ responseBytes: 10_000 }],
      },
      {
        id: 'c2',
        arrivals: { kind: 'constant' as const, rateRps: 10 },
        requests: [{ responseBytes: 10_000 }],
      },
    ];
    // 10,000 bytes at 2 megabits per second: 40 ms. Two answers come at the same time, from two backends.
    const narrow = run([{ between: ['balancers', 'clients'], bandwidthBps: 2_000_000 }], {
      clients,
      durationUs: ms(360),
    });
    expect(latencies(narrow)).toEqual([52, 92, 52, 92, 52]);
  });

  it('that lose a message cost the sender a second, then two, then four', () => {
    const lossy = run([{ between: ['balancers', 'backends'], loss: 0.3 }], { durationUs: s(100) });
    const waits = latencies(lossy).map((latency) => Math.round((latency - 12) / 1_000));
    expect(latencies(lossy).every((latency) => (latency - 12) % 1_000 === 0)).toBe(true);
    // There and back each come through at once with 0.7: 0.49. Of about 990, SD 0.016; the bound is 4 SD.
    expect(Math.abs(waits.filter((wait) => wait === 0).length / waits.length - 0.49)).toBeLessThan(0.065);
    // Once lost in one of two directions: 2 x 0.3 x 0.7 x 0.7 = 0.294, after one second.
    expect(Math.abs(waits.filter((wait) => wait === 1).length / waits.length - 0.294)).toBeLessThan(0.06);
    // One message lost twice: 1 + 2 = 3 s.
    expect(waits).toContain(3);
  });

  it('lose health checks, which fail by their timeout', () => {
    const lossy = run([{ between: ['balancers', 'backends'], loss: 0.5 }], {
      durationUs: s(400),
      pools: [{ ...pools[0]!, health: { intervalUs: s(1), timeoutUs: ms(500) } }],
      clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 0.1 } }],
    });
    const passed = rowsOf(lossy, EVENT_KIND.probed).map(([, , , , ok]) => ok!);
    // A quarter comes through: of 800, SD 0.0153; the bound is 4 SD.
    expect(Math.abs(passed.filter((ok) => ok === 1).length / passed.length - 0.25)).toBeLessThan(0.062);
  });
});

describe('a partition', () => {
  const timeout = { balancer: { timeoutUs: ms(300) } };
  const parted = (oneWay: boolean, between: [string, string]) => [
    { do: 'partition' as const, atUs: s(1) + 1, between, oneWay },
  ];

  it('between balancer and backend lets its requests time out, and the checks fail', () => {
    const cut = run([], {
      ...timeout,
      durationUs: s(20),
      pools: [{ ...pools[0]!, health: { intervalUs: s(1), timeoutUs: ms(500) } }],
      timeline: parted(false, ['balancers', 'backend:s2']),
    });
    expect(cut.backends().map(({ believed }) => believed)).toEqual(['healthy', 'unhealthy']);
    expect(measure(cut.log, { metric: 'failed', failure: 'timeout' })).toBe(cut.counts.failed);
    expect(cut.counts.failed).toBeGreaterThan(0);
    expect(measure(cut.log, { metric: 'failed', fromUs: s(5) })).toBe(0);
  });

  it('of one way carries requests there, and no answers back', () => {
    const cut = run([], { ...timeout, timeline: parted(true, ['backend:s2', 'balancers']) });
    const [, s2] = cut.backends();
    expect(measure(cut.log, { metric: 'failed', backends: ['s2'], fromUs: s(1.4) })).toBeGreaterThan(40);
    // It works for nobody.
    expect(
      rowsOf(cut, EVENT_KIND.started).filter(([atUs, , , backend]) => atUs! > s(2) && backend === 1).length,
    ).toBeGreaterThan(30);
    expect(s2).toMatchObject({ busy: 0, queued: 0 });
  });

  it('that heals lets through what is sent again', () => {
    const cut = run([], {
      durationUs: s(5),
      clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 1 } }],
      pools: [{ ...pools[0]!, backends: backends.slice(0, 1) }],
      timeline: [{ do: 'partition', atUs: s(1.5), between: ['balancers', 'backends'], durationUs: s(2) }],
    });
    // Sent at 2 s and again at 3 s into the partition, and at 5 s it is the end; sent at 3 s, and again at 4 s.
    expect(latencies(cut)).toEqual([12, 1_012, 12]);
  });

  it('between clients and balancer counts who gave up before anything came through', () => {
    const cut = run([], {
      durationUs: s(200),
      clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 1 } }],
      timeline: [{ do: 'partition', atUs: 0, between: ['clients', 'balancers'] }],
    });
    // TCP gives up 1 + 2 + 4 + ... + 64 = 127 s after the first try: of 199 requests those sent up to 73 s.
    expect(measure(cut.log, { metric: 'failed', failure: 'abandoned' })).toBe(73);
    expect(cut.counts).toEqual({ arrived: 73, served: 0, failed: 73 });
  });

  it.each([
    [{ links: [{ between: ['balancers', 'backend:s9'] }] }, 'network.links[0].between[1]: found "backend:s9"'],
    [{ links: [{ between: ['balancer', 'backends'] }] }, 'network.links[0].between[0]: found "balancer"'],
  ] as const)('between parties that are not there is told: %j', (network, message) => {
    const attempt = () => world({ pools, network: { ...near, ...network } as unknown as ScenarioInput['network'] });
    expect(attempt).toThrow(message);
  });
});
