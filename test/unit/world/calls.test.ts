import { describe, expect, it, test } from 'vitest';
import { FAILURE, withOmitted } from '../../../engine/index.ts';
import type { ScenarioInput, Simulation } from '../../../engine/index.ts';
import { alike, constant, exponential, ms, rowsOf, s, simulate, world } from './build.ts';

type ClientInput = ScenarioInput['clients'][number];

function run(input: Partial<ScenarioInput>, seed = 1): Simulation {
  const simulation = simulate(world({ seed, ...input }));
  simulation.runToEnd();
  return simulation;
}

const one = (client: Omit<ClientInput, 'id'>) => [{ id: 'c1', ...client }];
const pools = (service: number | ReturnType<typeof exponential>, workers = 1): ScenarioInput['pools'] => [
  {
    picker: { name: 'round-robin' },
    backends: alike(1, { workers, service: { default: typeof service === 'number' ? constant(service) : service } }),
  },
];
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** By nearest rank. */
const quantile = (values: Float64Array, share: number) => values[Math.ceil(share * values.length) - 1]!;

describe('a closed loop', () => {
  it('never has more under way than it has users, and each thinks between an answer and the next request', () => {
    const { calls, counts } = run({
      clients: one({ users: 3, arrivals: { kind: 'closed', think: constant(ms(90)) } }),
      pools: pools(ms(10), 3),
    });
    // 10 s of turns of 100 ms each: the first after 90 ms, the last one that ends within the run at 10 s.
    expect(counts.served).toBe(300);
    expect(calls).toMatchObject({ made: 300, served: 300, failed: 0, attempts: 300 });
  });

  it('follows the law of response time: users / throughput - think time', () => {
    const { calls, log } = run({
      durationUs: s(100),
      clients: one({ users: 20, arrivals: { kind: 'closed', think: exponential(ms(100)) } }),
      pools: pools(exponential(ms(10))),
    });
    const latencies = calls.log.latencies('sent');
    const throughput = latencies.length / 100;
    /*
     * R = N / X - Z holds exactly for means over the same cycles; what is left is the noise of the mean think time, 100 ms / sqrt(9,000 calls) = 1.05 ms
     * for one deviation, and the cycles that the ends of the run cut, below 0.5 ms.
     */
    expect(Math.abs(mean(latencies) / 1000 - ((20 / throughput) * 1000 - 100))).toBeLessThan(5 * 1.05 + 0.5);
    expect(log.length).toBe(calls.made);
  });

  it('has no rate to set', () => {
    const clients = one({ arrivals: { kind: 'closed', think: constant(1) } });
    expect(() => world({ clients, timeline: [{ do: 'set-rate', atUs: 0, client: 'c1', rateRps: 1 }] })).toThrow(
      /timeline\[0\]\.client.*whose users wait/,
    );
    const simulation = simulate(world({ clients }));
    expect(() => simulation.apply({ do: 'set-rate', atUs: 0, client: 'c1', rateRps: 1 })).toThrow(/no rate to set/);
  });
});

describe('coordinated omission', () => {
  /** 1 ms for 100 s, then frozen for 100 s; one user who means to send 100 a second. */
  const { calls } = run({
    durationUs: s(200) + ms(1.5),
    clients: one({ arrivals: { kind: 'paced', rateRps: 100 } }),
    pools: pools(ms(1)),
    timeline: [
      { do: 'hang', atUs: s(100), backend: 's1' },
      { do: 'recover', atUs: s(200), backend: 's1' },
    ],
  });
  const naive = calls.log.latencies('sent');

  it('shows in the latencies that a client who waits has measured', () => {
    // (9,999 * 1 ms + 100.001 s) / 10,000.
    expect(mean(naive) / 1e6).toBeCloseTo(0.010999, 5);
    expect(quantile(naive, 0.9999)).toBe(ms(1));
  });

  it('is mended by adding the requests that were left out', () => {
    const mended = withOmitted(naive, ms(10));
    // Of 20,000 planned, half took 1 ms and half 100 s, 99.99 s, …: 25.003 s.
    expect(Math.abs(mean(mended) / 1e6 - 25.003)).toBeLessThan(0.05);
    expect(Math.abs(quantile(mended, 0.75) / 1e6 - 50)).toBeLessThan(0.05);
  });

  it('is not there in the time since a request was meant to be sent', () => {
    const { calls: late } = run({
      durationUs: s(3),
      clients: one({ arrivals: { kind: 'paced', rateRps: 100 } }),
      pools: pools(ms(1)),
      timeline: [
        { do: 'hang', atUs: s(1), backend: 's1' },
        { do: 'recover', atUs: s(2), backend: 's1' },
      ],
    });
    // Those of the second lost catch up one after another, 1 ms each: the k-th was meant for 1 s + k 10 ms and ends at 2 s + (k + 1) 1 ms.
    const sent = late.log.latencies('sent');
    const intended = late.log.latencies('intended');
    expect(sent.filter((latencyUs) => latencyUs > ms(1)).length).toBe(1);
    expect(intended.filter((latencyUs) => latencyUs > ms(1)).length).toBeGreaterThan(105);
    expect(intended.at(-1)).toBe(sent.at(-1));
  });
});

describe('a client that tries again', () => {
  const failing = (retry: ClientInput['retry'], share: number, seed = 1) =>
    run(
      {
        durationUs: s(20),
        clients: one({ arrivals: { kind: 'constant', rateRps: 1_000 }, retry }),
        pools: pools(0, 4),
        timeline: [{ do: 'fail', atUs: 0, backend: 's1', share }],
      },
      seed,
    );

  it.each([
    { p: 0.1, retries: 2, expected: 1.11 },
    { p: 0.5, retries: 1, expected: 1.5 },
    { p: 0.5, retries: 2, expected: 1.75 },
  ])('sends (1 - p^k) / (1 - p) requests for each call: p $p, $retries retries', ({ p, retries, expected }) => {
    const { calls, counts } = failing({ retries, on: ['5xx'] }, p);
    // Four deviations of a mean over 20,000 calls, whose attempts deviate by 0.83 at most: 4 * 0.83 / sqrt(20,000) = 0.0235.
    expect(Math.abs(calls.attempts / calls.made - expected)).toBeLessThan(0.0235);
    expect(counts.arrived).toBe(calls.attempts);
    // A call fails when all its attempts do, and counts once.
    const lost = Array.from({ length: retries + 1 }).reduce<number>((product) => product * p, 1);
    expect(Math.abs(calls.failed / calls.made - lost)).toBeLessThan(4 * Math.sqrt((lost * (1 - lost)) / 20_000));
  });

  it('keeps to its budget', () => {
    const budget = { kind: 'token-window', share: 0.1, minRetriesPerSecond: 0 } as const;
    const { calls } = failing({ retries: 2, on: ['5xx'], budget }, 1);
    expect(Math.abs(calls.attempts / calls.made - 1.1)).toBeLessThan(0.005);
  });

  it('waits as its backoff says, and asks for the same thing', () => {
    const simulation = run({
      durationUs: s(1),
      clients: one({
        arrivals: { kind: 'recorded', timesUs: [ms(100)] },
        users: 5,
        requests: [{ path: '/item/{key}', keys: { count: 1_000 } }],
        retry: { retries: 3, on: [503], backoff: { kind: 'constant', waitUs: ms(50) } },
      }),
      timeline: [
        { do: 'fail', atUs: 0, backend: 's1' },
        { do: 'recover', atUs: ms(210), backend: 's1' },
      ],
    });
    const left = Array.from({ length: 4 }, (_, at) => simulation.log.sentUs[at]);
    expect(left).toEqual([ms(100), ms(150), ms(200), ms(250)]);
    expect(simulation.calls.log.attempts[0]).toBe(4);
    expect(simulation.calls.log.endedUs[0]).toBe(ms(260));
    expect(simulation.calls).toMatchObject({ made: 1, served: 1, failed: 0 });
  });

  it('gives up by its own timeout, and what it abandoned is still served', () => {
    const simulation = run({
      durationUs: s(2),
      clients: one({
        arrivals: { kind: 'recorded', timesUs: [0] },
        timeoutUs: ms(100),
        retry: { retries: 1, on: ['timeout'] },
      }),
      pools: pools(ms(300)),
    });
    expect(simulation.calls).toMatchObject({ made: 1, served: 0, failed: 1, attempts: 2 });
    expect(simulation.calls.log.outcome[0]).toBe(FAILURE.abandoned);
    expect(simulation.backends()[0]).toMatchObject({ busy: 0, queued: 0 });
  });

  it('is told of connections on layer 4, and of statuses on layer 7', () => {
    const refusing = (layer: 4 | 7, on: 'refused' | 502) =>
      run({
        clients: one({ arrivals: { kind: 'constant', rateRps: 10 }, retry: { on: [on] } }),
        balancer: { layer },
        timeline: [{ do: 'crash', atUs: 0, backend: 's1' }],
      }).calls;
    expect(refusing(4, 'refused').attempts).toBe(2 * refusing(4, 'refused').made);
    expect(refusing(7, 'refused').attempts).toBe(refusing(7, 'refused').made);
    expect(refusing(7, 502).attempts).toBe(2 * refusing(7, 502).made);
  });
});

describe('a stall and what follows (capacity 1,000/s, timeout 0.5 s, a stall of 10 s)', () => {
  type Stall = { do: 'hang' } | { do: 'slow'; factor: number };

  /** Seconds from the end of the stall until 99 % of the calls begun within one second are served, or Infinity. */
  function recoveryS(
    untilS: number,
    retry: ClientInput['retry'],
    stall: Stall = { do: 'hang' },
    queueLimit?: number,
  ): number {
    const { calls } = run({
      durationUs: s(untilS + 1),
      clients: one({ arrivals: { kind: 'poisson', rateRps: 700 }, timeoutUs: ms(500), retry }),
      pools: [
        {
          picker: { name: 'round-robin' },
          backends: alike(1, {
            workers: 10,
            service: { default: exponential(ms(10)) },
            ...(queueLimit !== undefined && { queueLimit }),
          }),
        },
      ],
      timeline: [
        { ...stall, atUs: s(5), backend: 's1' },
        { do: 'recover', atUs: s(15), backend: 's1' },
      ],
    });
    for (let second = 15; second < untilS; second++)
      if (calls.log.goodput(s(second), s(second + 1)) >= 0.99) return second - 15;
    return Infinity;
  }

  // The reference's own tolerance: 4 s around a simulated recovery time, 1 s where it is 1 s.
  it('is over in 22.5 s if nobody tries again', () => {
    expect(Math.abs(recoveryS(45, { retries: 0 }) - 22.5)).toBeLessThan(4);
  });

  it('is not over in a minute with three attempts, which is for ever', () => {
    expect(recoveryS(75, { retries: 2 })).toBe(Infinity);
  });

  it('is over in 32.5 s with three attempts and a budget of 10 %', () => {
    const budget = { kind: 'token-window', share: 0.1, minRetriesPerSecond: 0 } as const;
    expect(Math.abs(recoveryS(55, { retries: 2, budget }) - 32.5)).toBeLessThan(4);
  });

  it('is over in a second where the queue is bounded at 100', () => {
    // A machine that hangs takes in all that comes; one that is so slow that nothing gets done still says no.
    expect(recoveryS(20, { retries: 2 }, { do: 'slow', factor: 1e6 }, 100)).toBeLessThanOrEqual(2);
  });
});

test('without the trace there are only the counts', () => {
  const scenario = world({ clients: one({ arrivals: { kind: 'paced', rateRps: 10 } }) });
  const simulation = simulate(scenario, { trace: false });
  simulation.runToEnd();
  expect(simulation.calls.log.length).toBe(0);
  expect(simulation.calls.served).toBeGreaterThan(90);
  expect(rowsOf(simulation)).toEqual([]);
});
