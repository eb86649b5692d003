import { describe, expect, it } from 'vitest';
import { EVENT_KIND, PolicyError, Simulation } from '../../../engine/index.ts';
import type { Backend, HealthPolicy, Picker, ScenarioInput } from '../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from '../world/build.ts';

function underPicker(picker: Picker, input: Partial<ScenarioInput> = {}, outlier?: HealthPolicy): Simulation {
  const backends = alike(3, { service: { default: constant(ms(1)) } });
  const scenario = world({ pools: [{ picker: { name: 'random' }, backends }], ...input });
  return new Simulation(scenario, { pools: new Map([['default', { picker, ...(outlier && { outlier }) }]]) });
}

const first: Picker = { pick: (backends) => backends[0] };
const ids = (backends: readonly Backend[]) => backends.map(({ id }) => id).join(' ');

describe('the eligible list', () => {
  it('keeps the order of the scenario however backends leave and return, and the picker hears before it is asked', () => {
    const heard: [number, string, string][] = [];
    const picker: Picker = {
      onPoolChange: (backends, ctx) => heard.push([ctx.nowUs / 1000, 'change', ids(backends)]),
      pick(backends, _, ctx) {
        heard.push([ctx.nowUs / 1000, 'pick', ids(backends)]);
        return backends[0];
      },
    };
    const simulation = underPicker(picker, {
      timeline: [
        { do: 'drain', atUs: ms(110), backend: 's2' },
        { do: 'drain', atUs: ms(210), backend: 's1' },
        { do: 'undrain', atUs: ms(220), backend: 's2' },
        { do: 'undrain', atUs: ms(310), backend: 's1' },
        { do: 'remove-backend', atUs: ms(410), backend: 's2' },
        { do: 'add-backend', atUs: ms(420), backend: { id: 's4', service: { default: constant(1) } } },
        { do: 'set-weight', atUs: ms(510), backend: 's3', weight: 2 },
      ],
    });
    simulation.runUntil(ms(700));
    expect(heard).toEqual([
      [100, 'change', 's1 s2 s3'],
      [100, 'pick', 's1 s2 s3'],
      [200, 'change', 's1 s3'],
      [200, 'pick', 's1 s3'],
      [300, 'change', 's2 s3'],
      [300, 'pick', 's2 s3'],
      [400, 'change', 's1 s2 s3'],
      [400, 'pick', 's1 s2 s3'],
      [500, 'change', 's1 s3 s4'],
      [500, 'pick', 's1 s3 s4'],
      [600, 'change', 's1 s3 s4'],
      [600, 'pick', 's1 s3 s4'],
      [700, 'pick', 's1 s3 s4'],
    ]);
  });

  it('shows the weight of the moment, and the same object for a backend all along', () => {
    const seen = new Set<Backend>();
    const weights: number[] = [];
    const picker: Picker = {
      pick(backends) {
        seen.add(backends[0]!);
        weights.push(backends[0]!.weight);
        return backends[0];
      },
    };
    const simulation = underPicker(picker, {
      timeline: [{ do: 'set-weight', atUs: ms(250), backend: 's1', weight: 7 }],
    });
    simulation.runUntil(ms(400));
    expect(weights).toEqual([1, 1, 7, 7]);
    expect(seen.size).toBe(1);
  });

  it('hears of emptiness as well', () => {
    const heard: string[] = [];
    const picker: Picker = { ...first, onPoolChange: (backends) => heard.push(ids(backends)) };
    const timeline = ['s1', 's2', 's3'].map((backend) => ({ do: 'drain', atUs: ms(150), backend }) as const);
    underPicker(picker, { timeline }).runUntil(ms(200));
    expect(heard).toEqual(['s1 s2 s3', '']);
  });
});

describe('a policy that breaks its contract', () => {
  const thrownBy = (simulation: Simulation): PolicyError => {
    try {
      simulation.runToEnd();
    } catch (error) {
      if (error instanceof PolicyError) return error;
      throw error;
    }
    throw new Error('nothing was thrown');
  };

  it('is told when it answers a backend that is not eligible', () => {
    let kept: Backend | undefined;
    const picker: Picker = { pick: (backends) => (kept ??= backends[0]) };
    const simulation = underPicker(picker, { timeline: [{ do: 'drain', atUs: ms(250), backend: 's1' }] });
    const error = thrownBy(simulation);
    expect(error).toMatchObject({ kind: 'not-eligible', atUs: ms(300), request: 3, returned: 'backend "s1"' });
    expect(error.message).toMatchInlineSnapshot(
      `"The picker answered backend "s1" which is not in the list it was given. Answer one of \`backends\`, or undefined to decline. It happened for request 3 at 300000 µs."`,
    );
  });

  it('is told when it answers a backend of another run', () => {
    let foreign: Backend | undefined;
    underPicker({ pick: (backends) => (foreign = backends[0]) }).runUntil(ms(100));
    expect(thrownBy(underPicker({ pick: () => foreign }))).toMatchObject({ kind: 'not-eligible', request: 1 });
  });

  it.each([
    ['a copy', (backends: readonly Backend[]) => ({ ...backends[0]! }), 'an object'],
    ['a number', () => 0, 'the number 0'],
    ['an id', () => 's1', 'the text "s1"'],
    ['null', () => null, 'null'],
    ['the list', (backends: readonly Backend[]) => backends, 'an array'],
    ['a promise', () => Promise.resolve(), 'an object'],
    ['a function', () => () => 1, 'a function'],
    ['a very long text', () => 'x'.repeat(1000), `the text "${'x'.repeat(40)}…"`],
  ])('is told when it answers %s', (_, pick, returned) => {
    expect(thrownBy(underPicker({ pick } as unknown as Picker))).toMatchObject({ kind: 'not-a-backend', returned });
  });

  it('is told when it answers a health that there is not', () => {
    const outlier = { observe: () => 'ill' } as unknown as HealthPolicy;
    expect(thrownBy(underPicker(first, {}, outlier))).toMatchObject({
      kind: 'not-a-health',
      returned: 'the text "ill"',
    });
  });

  it('is told when a router names no pool', () => {
    const scenario = world();
    const policies = { pools: new Map([['default', { picker: first }]]), router: { route: () => 'nowhere' } };
    expect(thrownBy(new Simulation(scenario, policies))).toMatchObject({
      kind: 'no-such-pool',
      returned: 'the text "nowhere"',
    });
  });

  it('leaves a run that can be read: the request has arrived and was sent nowhere', () => {
    const simulation = underPicker({ pick: () => ({}) as Backend });
    thrownBy(simulation);
    expect(simulation.counts).toEqual({ arrived: 1, served: 0, failed: 0 });
    expect(simulation.backends().map(({ inFlight }) => inFlight)).toEqual([0, 0, 0]);
    expect(rowsOf(simulation)).toEqual([[ms(100), EVENT_KIND.arrived, 1, -1, 0]]);
  });

  it('passes on what a policy throws itself', () => {
    const picker: Picker = {
      pick: () => {
        throw new TypeError('mine');
      },
    };
    expect(() => underPicker(picker).runToEnd()).toThrow(new TypeError('mine'));
  });
});

describe('what policies cannot reach', () => {
  it('neither the clock nor the generator of their context can be replaced', () => {
    const picker: Picker = {
      pick(backends, _, ctx) {
        expect(() => Object.assign(ctx, { nowUs: 5 })).toThrow(TypeError);
        expect(() => Object.assign(ctx, { rng: undefined })).toThrow(TypeError);
        return backends[0];
      },
    };
    underPicker(picker).runUntil(ms(200));
  });
});

describe('outlier detection', () => {
  it('hears of responses, takes a backend out and brings it back at a sweep', () => {
    const sweeps: number[] = [];
    const outlier: HealthPolicy = {
      observe: (backend, signal) => (signal.kind === 'response' && backend.id === 's1' ? 'unhealthy' : undefined),
      sweep(backends, ctx) {
        sweeps.push(ctx.nowUs);
        return ctx.nowUs === s(2) ? new Map([[backends[0]!, 'healthy']]) : undefined;
      },
    };
    const simulation = underPicker(first, { durationUs: s(3) }, outlier);
    simulation.runToEnd();
    expect(sweeps).toEqual([s(1), s(2), s(3)]);
    expect(
      rowsOf(simulation, EVENT_KIND.health).map(([atUs, , , backend, value]) => [atUs! / 1000, backend, value]),
    ).toEqual([
      [101, 0, 2],
      [2000, 0, 1],
      [2001, 0, 2],
    ]);
  });

  it('does not hear of clients that gave up', () => {
    let heard = 0;
    const outlier: HealthPolicy = {
      observe() {
        heard++;
        return undefined;
      },
    };
    const simulation = underPicker(
      first,
      {
        clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 10 }, timeoutUs: ms(5) }],
        timeline: [{ do: 'hang', atUs: ms(50), backend: 's1' }],
      },
      outlier,
    );
    simulation.runUntil(s(1));
    expect(simulation.counts.failed).toBe(9);
    expect(heard).toBe(0);
  });

  it('and active checks: a backend is in when neither objects', () => {
    const simulation = simulate(
      world({
        pools: [
          {
            picker: { name: 'random' },
            health: { check: 'tcp', intervalUs: s(1), policy: { name: 'thresholds', options: { fall: 1, rise: 1 } } },
            outlier: { name: 'max-fails', options: { fails: 1, windowUs: s(1), outUs: s(3) } },
            backends: alike(1, { service: { default: constant(ms(1)) } }),
          },
        ],
        timeline: [
          { do: 'crash', atUs: s(2), backend: 's1' },
          { do: 'recover', atUs: s(3), backend: 's1' },
        ],
      }),
    );
    simulation.runUntil(s(4.5));
    // The TCP check has passed again by now; the failed request of 2.1 s still counts against the backend.
    expect(simulation.backends()[0]!.believed).toBe('unhealthy');
    simulation.runToEnd();
    expect(simulation.backends()[0]!.believed).toBe('healthy');
  });
});
