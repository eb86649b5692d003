import { describe, expect, it } from 'vitest';
import { BELIEVED, EVENT_KIND, FAILURE, measure, Simulation } from '../../../engine/index.ts';
import type { Outcome, Picker, ScenarioInput } from '../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from './build.ts';

const { arrived, picked, queued, started, served, failed, health } = EVENT_KIND;

/** One client, requests at 100 ms, 200 ms, …, one backend that needs 10 ms, unless said otherwise. */
function oneBackend(
  backend: Partial<ScenarioInput['pools'][number]['backends'][number]>,
  input: Partial<ScenarioInput> = {},
): Simulation {
  const pools = [
    { picker: { name: 'round-robin' }, backends: alike(1, { service: { default: constant(ms(10)) }, ...backend }) },
  ];
  return simulate(world({ pools, ...input }));
}

/** A run under a picker that is not in the registry. */
function underPicker(picker: Picker, input: Partial<ScenarioInput> = {}): Simulation {
  return new Simulation(world(input), { pools: new Map([['default', { picker }]]) });
}

function failuresOf(simulation: Simulation): number[][] {
  return rowsOf(simulation, failed).map(([atUs, , request, , value]) => [atUs! / 1000, request!, value!]);
}

describe('a request on its way', () => {
  it('passes every stage at its time, in order', () => {
    const simulation = oneBackend(
      {},
      { network: { clientToBalancer: constant(ms(3)), balancerToBackend: constant(ms(2)) } },
    );
    simulation.runUntil(ms(150));
    expect(rowsOf(simulation)).toEqual([
      [ms(103), arrived, 1, -1, 0],
      [ms(103), picked, 1, 0, 1],
      [ms(105), started, 1, 0, 0],
      [ms(120), served, 1, 0, ms(20)],
    ]);
  });

  it('passes stages without distance in one instant, in the same order', () => {
    const simulation = oneBackend({ service: { default: constant(0) } });
    simulation.runUntil(ms(100));
    expect(rowsOf(simulation).map(([atUs, kind]) => [atUs, kind])).toEqual(
      [arrived, picked, started, served].map((kind) => [ms(100), kind]),
    );
  });

  it('waits for a worker in the order of arrival and counts the wait', () => {
    const simulation = oneBackend({ service: { default: constant(ms(150)) } });
    simulation.runUntil(ms(550));
    expect(rowsOf(simulation, queued)).toEqual([
      [ms(200), queued, 2, 0, 1],
      [ms(300), queued, 3, 0, 1],
      [ms(400), queued, 4, 0, 1],
      [ms(500), queued, 5, 0, 2],
    ]);
    expect(rowsOf(simulation, started)).toEqual([
      [ms(100), started, 1, 0, 0],
      [ms(250), started, 2, 0, ms(50)],
      [ms(400), started, 3, 0, ms(100)],
      [ms(550), started, 4, 0, ms(150)],
    ]);
  });

  it('is served by as many workers as there are', () => {
    const simulation = oneBackend({ service: { default: constant(ms(250)) }, workers: 3 });
    simulation.runUntil(s(5));
    expect(rowsOf(simulation, queued)).toEqual([]);
    expect(simulation.backends()[0]).toMatchObject({ workers: 3, busy: 3, inFlight: 3, queued: 0 });
  });

  it('takes the time of its class, at the speed of the backend', () => {
    const service = { default: constant(ms(10)), video: constant(ms(60)) };
    const clients: ScenarioInput['clients'] = [
      { id: 'c1', arrivals: { kind: 'constant', rateRps: 10 }, requests: [{ name: 'video', path: '/v' }] },
    ];
    const simulation = oneBackend({ service, speed: 2 }, { clients });
    simulation.runUntil(ms(150));
    expect(measure(simulation.log, { metric: 'max', classes: ['video'] })).toBe(ms(30));
  });

  it('fails with a 503 of the backend when the queue is full', () => {
    const simulation = oneBackend({ service: { default: constant(ms(250)) }, queueLimit: 1 });
    simulation.runUntil(ms(340));
    expect(failuresOf(simulation)).toEqual([[300, 3, FAILURE.queueFull]]);
  });

  it('fails with a 503 when the picker declines', () => {
    const simulation = underPicker({ pick: () => undefined });
    simulation.runUntil(ms(100));
    expect(failuresOf(simulation)).toEqual([[100, 1, FAILURE.noBackend]]);
    expect(simulation.lastPick).toEqual({ request: 1, backend: -1 });
  });

  it('fails with a 503 when nobody is eligible, without the picker being asked', () => {
    const asked: number[] = [];
    const picker: Picker = { pick: (backends, request) => (asked.push(request.id), backends[0]) };
    const simulation = underPicker(picker, { timeline: [{ do: 'drain', atUs: ms(150), backend: 's1' }] });
    simulation.runUntil(ms(250));
    expect(asked).toEqual([1]);
    expect(failuresOf(simulation)).toEqual([[200, 2, FAILURE.noBackend]]);
  });

  it('fails with a 404 when no route matches', () => {
    const scenario = world();
    const pools = new Map([['default', { picker: { pick: (backends: readonly never[]) => backends[0] } }]]);
    const simulation = new Simulation(scenario, { pools, router: { route: () => undefined } });
    simulation.runUntil(ms(100));
    expect(failuresOf(simulation)).toEqual([[100, 1, FAILURE.noRoute]]);
  });
});

describe('timeouts', () => {
  it('of the balancer: a 504 at its time, while the backend works on and the next one waits', () => {
    const simulation = oneBackend({ service: { default: constant(ms(250)) } }, { balancer: { timeoutUs: ms(120) } });
    simulation.runUntil(ms(360));
    expect(failuresOf(simulation)).toEqual([
      [220, 1, FAILURE.timeout],
      [320, 2, FAILURE.timeout],
    ]);
    expect(rowsOf(simulation, started)).toEqual([
      [ms(100), started, 1, 0, 0],
      [ms(350), started, 2, 0, ms(150)],
    ]);
    expect(simulation.backends()[0]).toMatchObject({ inFlight: 1, busy: 1, queued: 1 });
  });

  it('of the client: it gives up after its time, and the balancer counts the request out', () => {
    const clients = [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 10 }, timeoutUs: ms(80) } as const];
    const network = { clientToBalancer: constant(ms(5)), balancerToBackend: constant(0) };
    const simulation = oneBackend({ service: { default: constant(ms(250)) } }, { clients, network });
    simulation.runUntil(ms(190));
    expect(failuresOf(simulation)).toEqual([[180, 1, FAILURE.abandoned]]);
    expect(simulation.backends()[0]).toMatchObject({ inFlight: 0, busy: 1 });
  });

  it('of the client, while the answer is on its way: the request fails once, and the answer is dropped', () => {
    const clients = [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 10 }, timeoutUs: ms(22) } as const];
    const network = { clientToBalancer: constant(ms(5)), balancerToBackend: constant(0) };
    const simulation = oneBackend({ service: { default: constant(ms(15)) } }, { clients, network });
    simulation.runUntil(ms(199));
    expect(failuresOf(simulation)).toEqual([[122, 1, FAILURE.abandoned]]);
    expect(simulation.counts).toEqual({ arrived: 1, served: 0, failed: 1 });
  });

  it('of both, with a 504 on its way: still one end', () => {
    const clients = [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 10 }, timeoutUs: ms(50) } as const];
    const network = { clientToBalancer: constant(ms(20)), balancerToBackend: constant(ms(1)) };
    const simulation = oneBackend(
      { service: { default: constant(ms(90)) } },
      { clients, network, balancer: { timeoutUs: ms(20) } },
    );
    simulation.runUntil(ms(290));
    expect(failuresOf(simulation)).toEqual([
      [150, 1, FAILURE.abandoned],
      [250, 2, FAILURE.abandoned],
    ]);
  });
});

describe('faults', () => {
  it('crash: what is served or waits is reset, what comes later is refused', () => {
    const simulation = oneBackend(
      { service: { default: constant(ms(150)) } },
      { timeline: [{ do: 'crash', atUs: ms(210), backend: 's1' }] },
    );
    simulation.runUntil(ms(300));
    expect(failuresOf(simulation)).toEqual([
      [210, 1, FAILURE.reset],
      [210, 2, FAILURE.reset],
      [300, 3, FAILURE.refused],
    ]);
    expect(simulation.backends()[0]).toMatchObject({ truth: 'crashed', busy: 0, queued: 0, inFlight: 0 });
  });

  it('crash: the news takes the way back', () => {
    const network = { clientToBalancer: constant(0), balancerToBackend: constant(ms(4)) };
    const simulation = oneBackend({}, { network, timeline: [{ do: 'crash', atUs: ms(102), backend: 's1' }] });
    simulation.runUntil(ms(199));
    expect(failuresOf(simulation)).toEqual([[108, 1, FAILURE.refused]]);
  });

  it('hang: work stands still and everything waits, and goes on where it was after recovery', () => {
    const simulation = oneBackend(
      { service: { default: constant(ms(50)) }, queueLimit: 1 },
      {
        timeline: [
          { do: 'hang', atUs: ms(120), backend: 's1' },
          { do: 'recover', atUs: ms(450), backend: 's1' },
        ],
      },
    );
    simulation.runUntil(ms(440));
    expect(rowsOf(simulation, served, failed)).toEqual([]);
    expect(simulation.backends()[0]).toMatchObject({ truth: 'hung', busy: 1, queued: 3, inFlight: 4 });
    simulation.runUntil(ms(530));
    // 30 ms of the first were left at 450 ms.
    expect(rowsOf(simulation, served)).toEqual([
      [ms(480), served, 1, 0, ms(380)],
      [ms(530), served, 2, 0, ms(330)],
    ]);
  });

  it('slow: stretches the rest of what is being served, and recovery shrinks it again', () => {
    const simulation = oneBackend(
      { service: { default: constant(ms(50)) } },
      {
        timeline: [
          { do: 'slow', atUs: ms(120), backend: 's1', factor: 4 },
          { do: 'recover', atUs: ms(160), backend: 's1' },
        ],
      },
    );
    // 20 ms done; then 40 ms at a quarter of the speed do 10; the last 20 take 20: 180 ms.
    simulation.runUntil(ms(190));
    expect(rowsOf(simulation, served)).toEqual([[ms(180), served, 1, 0, ms(80)]]);
  });

  it('slow: later requests take factor times as long', () => {
    const simulation = oneBackend({}, { timeline: [{ do: 'slow', atUs: ms(50), backend: 's1', factor: 3.5 }] });
    simulation.runUntil(ms(150));
    expect(rowsOf(simulation, served)).toEqual([[ms(135), served, 1, 0, ms(35)]]);
    expect(simulation.backends()[0]).toMatchObject({ truth: 'slow', slowFactor: 3.5 });
  });

  it('one state ends another: a hung backend that crashes loses what it held', () => {
    const simulation = oneBackend(
      { service: { default: constant(ms(50)) } },
      {
        timeline: [
          { do: 'hang', atUs: ms(120), backend: 's1' },
          { do: 'crash', atUs: ms(250), backend: 's1' },
        ],
      },
    );
    simulation.runUntil(ms(260));
    expect(failuresOf(simulation)).toEqual([
      [250, 1, FAILURE.reset],
      [250, 2, FAILURE.reset],
    ]);
  });
});

describe('the fleet changes', () => {
  it('a drained backend finishes what it has and gets nothing new; undrain ends that', () => {
    const simulation = oneBackend(
      { service: { default: constant(ms(80)) } },
      {
        timeline: [
          { do: 'drain', atUs: ms(150), backend: 's1' },
          { do: 'undrain', atUs: ms(350), backend: 's1' },
        ],
      },
    );
    simulation.runUntil(ms(499));
    expect(
      rowsOf(simulation, served, failed, health).map(([atUs, kind, request]) => [atUs! / 1000, kind, request]),
    ).toEqual([
      [150, health, 0],
      [180, served, 1],
      [200, failed, 2],
      [300, failed, 3],
      [350, health, 0],
      [480, served, 4],
    ]);
  });

  it('a removed backend finishes what it has; with force its requests are cut off at once', () => {
    const timeline = (force: boolean) => [{ do: 'remove-backend', atUs: ms(120), backend: 's1', force }] as const;
    const backend = { service: { default: constant(ms(50)) } };
    const gently = oneBackend(backend, { timeline: [...timeline(false)] });
    gently.runUntil(ms(199));
    expect(rowsOf(gently, served)).toHaveLength(1);
    const byForce = oneBackend(backend, { timeline: [...timeline(true)] });
    byForce.runUntil(ms(199));
    expect(failuresOf(byForce)).toEqual([[120, 1, FAILURE.reset]]);
    expect(byForce.backends()[0]).toMatchObject({ believed: 'removed', inFlight: 0, busy: 0 });
  });

  it('a backend that joins takes its turn', () => {
    const backend = { id: 's2', service: { default: constant(ms(10)) } };
    const simulation = oneBackend({}, { timeline: [{ do: 'add-backend', atUs: ms(250), backend }] });
    simulation.runUntil(s(1));
    expect(simulation.backends().map(({ id, served: count }) => [id, count])).toEqual([
      ['s1', 6],
      ['s2', 3],
    ]);
  });

  it('a new rate counts from its moment on, and 0 stops the client', () => {
    const simulation = oneBackend(
      {},
      {
        timeline: [
          { do: 'set-rate', atUs: ms(250), client: 'c1', rateRps: 20 },
          { do: 'set-rate', atUs: ms(360), client: 'c1', rateRps: 0 },
        ],
      },
    );
    simulation.runToEnd();
    expect(rowsOf(simulation, arrived).map(([atUs]) => atUs! / 1000)).toEqual([100, 200, 300, 350]);
  });

  it('tells what the balancer believes', () => {
    const simulation = oneBackend({}, { timeline: [{ do: 'drain', atUs: ms(10), backend: 's1' }] });
    simulation.runUntil(ms(20));
    expect(rowsOf(simulation, health)).toEqual([[ms(10), health, 0, 0, BELIEVED.draining]]);
  });
});

describe('what the picker hears', () => {
  it('every start and every end, with the outcome and the count as promised', () => {
    const heard: [string, number, number, Outcome['kind']?, number?, number?][] = [];
    const picker: Picker = {
      pick: (backends) => backends[0],
      onRequestStart: (backend, request) => heard.push(['start', request.id, backend.inFlight]),
      onRequestEnd: (backend, request, outcome) =>
        heard.push(['end', request.id, backend.inFlight, outcome.kind, outcome.status, outcome.latencyUs]),
    };
    const simulation = underPicker(picker, {
      clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 10 }, timeoutUs: ms(400) }],
      balancer: { timeoutUs: ms(300) },
      pools: [
        { picker: { name: 'random' }, backends: alike(1, { service: { default: constant(ms(150)) }, queueLimit: 0 }) },
      ],
      timeline: [
        { do: 'hang', atUs: ms(260), backend: 's1' },
        { do: 'crash', atUs: ms(650), backend: 's1' },
      ],
    });
    simulation.runUntil(ms(750));
    expect(heard).toEqual([
      ['start', 1, 1],
      ['start', 2, 2],
      ['end', 2, 1, 'rejected', 503, 0],
      ['end', 1, 0, 'served', 200, ms(150)],
      ['start', 3, 1],
      ['start', 4, 2],
      ['start', 5, 3],
      ['end', 3, 2, 'timeout', 0, ms(300)],
      ['start', 6, 3],
      ['end', 4, 2, 'reset', 0, ms(250)],
      ['end', 5, 1, 'reset', 0, ms(150)],
      ['end', 6, 0, 'reset', 0, ms(50)],
      ['start', 7, 1],
      ['end', 7, 0, 'refused', 0, 0],
    ]);
  });
});
