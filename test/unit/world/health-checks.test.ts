import { describe, expect, it } from 'vitest';
import { BELIEVED, EVENT_KIND, Simulation } from '../../../engine/index.ts';
import type { Action, HealthSignal, ScenarioInput } from '../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, world } from './build.ts';

type HealthInput = NonNullable<ScenarioInput['pools'][number]['health']>;

/** Runs a world whose health policy is `fall` failures in a row, and also notes what it hears. */
function checked(health: HealthInput, timeline: ScenarioInput['timeline'] = [], input: Partial<ScenarioInput> = {}) {
  const scenario = world({
    durationUs: s(60),
    clients: [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 1 } }],
    pools: [{ picker: { name: 'random' }, health, backends: alike(1, { service: { default: constant(ms(1)) } }) }],
    timeline,
    ...input,
  });
  const heard: { atUs: number; signal: HealthSignal }[] = [];
  let failuresInRow = 0;
  const policy = {
    observe(_: unknown, signal: HealthSignal, ctx: { nowUs: number }) {
      heard.push({ atUs: ctx.nowUs, signal });
      if (signal.kind !== 'probe') return undefined;
      failuresInRow = signal.ok ? 0 : failuresInRow + 1;
      if (signal.ok) return 'healthy' as const;
      return failuresInRow >= 3 ? ('unhealthy' as const) : undefined;
    },
  };
  const picker = { pick: <B>(backends: readonly B[]) => backends[0] };
  const simulation = new Simulation(scenario, { pools: new Map([['default', { picker, health: policy }]]) });
  simulation.runToEnd();
  return { simulation, heard, times: heard.map(({ atUs }) => atUs) };
}

const gaps = (times: readonly number[]) => times.slice(1).map((time, index) => time - times[index]!);
const hang: Action = { do: 'hang', atUs: s(10), backend: 's1' };

describe('when probes are sent', () => {
  it('the first within one interval, and from then on every interval', () => {
    const { times } = checked({ intervalUs: s(5), timeoutUs: s(1) });
    expect(times[0]).toBeLessThan(s(5));
    expect(new Set(gaps(times))).toEqual(new Set([s(5)]));
  });

  it('spread over the interval, backend by backend', () => {
    const backends = alike(40, { service: { default: constant(ms(1)) } });
    const { times } = checked({ intervalUs: s(40) }, [], {
      pools: [{ picker: { name: 'random' }, health: { intervalUs: s(40) }, backends }],
      durationUs: s(40),
    });
    // 40 phases drawn from one interval: the chance that a given quarter holds fewer than two is below 0.0002.
    for (let quarter = 0; quarter < 4; quarter++) {
      const within = times.filter((time) => time >= s(10 * quarter) && time < s(10 * (quarter + 1)));
      expect(within.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('fixed: start to start, so that a timeout does not delay the next', () => {
    const { heard } = checked({ check: 'http', intervalUs: s(5), timeoutUs: s(2) }, [hang]);
    const timeouts = heard.filter(({ signal }) => signal.kind === 'probe' && !signal.ok).map(({ atUs }) => atUs);
    expect(new Set(gaps(timeouts))).toEqual(new Set([s(5)]));
  });

  it('after the result: a timeout delays the next by its length', () => {
    const { heard } = checked({ check: 'http', intervalUs: s(5), timeoutUs: s(2), schedule: 'after-result' }, [hang]);
    const timeouts = heard.filter(({ signal }) => signal.kind === 'probe' && !signal.ok).map(({ atUs }) => atUs);
    expect(timeouts.length).toBeGreaterThan(3);
    expect(new Set(gaps(timeouts))).toEqual(new Set([s(7)]));
  });

  it('no more after the backend was removed', () => {
    const { times } = checked({ intervalUs: s(5) }, [{ do: 'remove-backend', atUs: s(20), backend: 's1' }]);
    expect(times.at(-1)).toBeLessThanOrEqual(s(20));
  });
});

describe('what probes find', () => {
  const reasons = (health: HealthInput, action: Action) =>
    new Set(
      checked(health, [action])
        .heard.filter(({ atUs }) => atUs > s(15))
        .map(({ signal }) => (signal.kind === 'probe' ? `${signal.check} ${signal.reason} ${signal.status}` : '')),
    );
  const http: HealthInput = { check: 'http', intervalUs: s(2), timeoutUs: s(1) };
  const tcp: HealthInput = { ...http, check: 'tcp' };
  const crash: Action = { do: 'crash', atUs: s(10), backend: 's1' };
  const slow: Action = { do: 'slow', atUs: s(10), backend: 's1', factor: 50 };

  it.each([
    ['a hung backend passes TCP', tcp, hang, 'tcp ok 0'],
    ['a hung backend gives HTTP no answer', http, hang, 'http timeout 0'],
    ['a crashed backend refuses TCP', tcp, crash, 'tcp refused 0'],
    ['a crashed backend refuses HTTP', http, crash, 'http refused 0'],
    ['a slow backend passes', http, slow, 'http ok 200'],
  ])('%s', (_, health, action, expected) => {
    expect(reasons(health, action)).toEqual(new Set([expected]));
  });

  it('takes the way there and back', () => {
    const network = { clientToBalancer: constant(0), balancerToBackend: constant(ms(30)) };
    const { heard } = checked({ intervalUs: s(5) }, [], { network });
    expect(heard.map(({ signal }) => signal.kind === 'probe' && signal.latencyUs)).toEqual(heard.map(() => ms(60)));
  });

  it('comes too late when the way is longer than the timeout, and counts once', () => {
    const network = { clientToBalancer: constant(0), balancerToBackend: constant(ms(600)) };
    const { heard, times } = checked({ intervalUs: s(5), timeoutUs: s(1) }, [], { network });
    expect(heard.every(({ signal }) => signal.kind === 'probe' && signal.reason === 'timeout')).toBe(true);
    expect(new Set(gaps(times))).toEqual(new Set([s(5)]));
  });
});

describe('the detection window', () => {
  /*
   * Three failures in a row needed, interval I, timeout t. A hang between two probes is met first by the next one, a wait W uniform on
   * [0, I) away; the third failure is known 2I + t later, or 2(I + t) + t with the next probe after the result.
   */
  const detectedUs = (health: HealthInput, seed: number) => {
    const { simulation } = checked(health, [hang], { seed });
    const [found] = rowsOf(simulation, EVENT_KIND.health);
    expect(found?.[4]).toBe(BELIEVED.unhealthy);
    return found![0]! - hang.atUs;
  };
  const seeds = Array.from({ length: 60 }, (_, seed) => seed);

  it('of a hang lies between 12 and 17 s for 5 s times 3 with a timeout of 2 s, and its mean near 14.5', () => {
    const found = seeds.map((seed) => detectedUs({ check: 'http', intervalUs: s(5), timeoutUs: s(2) }, seed));
    expect(Math.min(...found)).toBeGreaterThanOrEqual(s(12));
    expect(Math.max(...found)).toBeLessThanOrEqual(s(17));
    // The mean of 60 uniform waits has a standard deviation of 5/√12/√60 = 0.19 s; four of them.
    const mean = found.reduce((sum, time) => sum + time, 0) / found.length;
    expect(Math.abs(mean - s(14.5))).toBeLessThan(s(0.75));
  });

  it('lies between 16 and 21 s when the next probe waits for the result', () => {
    const health = { check: 'http', intervalUs: s(5), timeoutUs: s(2), schedule: 'after-result' } as const;
    const found = seeds.map((seed) => detectedUs(health, seed));
    expect(Math.min(...found)).toBeGreaterThanOrEqual(s(16));
    expect(Math.max(...found)).toBeLessThanOrEqual(s(21));
  });

  it('of a crash saves the timeout: 10 to 15 s', () => {
    const crash: Action = { do: 'crash', atUs: s(10), backend: 's1' };
    const found = seeds.slice(0, 20).map((seed) => {
      const { simulation } = checked({ intervalUs: s(5), timeoutUs: s(2) }, [crash], { seed });
      return rowsOf(simulation, EVENT_KIND.health)[0]![0]! - crash.atUs;
    });
    expect(Math.min(...found)).toBeGreaterThanOrEqual(s(10));
    expect(Math.max(...found)).toBeLessThanOrEqual(s(15));
  });
});

it('probing draws nothing that traffic draws: requests run alike with and without it', () => {
  const pools = (health: HealthInput | undefined) => [
    {
      picker: { name: 'random' },
      ...(health && { health }),
      backends: alike(3, { service: { default: { kind: 'exponential', meanUs: ms(50) } as const } }),
    },
  ];
  const run = (health: HealthInput | undefined) => {
    const { simulation } = checked({}, [], {
      pools: pools(health),
      clients: [{ id: 'c1', arrivals: { kind: 'poisson', rateRps: 20 } }],
      network: {
        clientToBalancer: { kind: 'uniform', minUs: 0, maxUs: 9000 },
        balancerToBackend: { kind: 'uniform', minUs: 0, maxUs: 9000 },
      },
    });
    return rowsOf(simulation, EVENT_KIND.served);
  };
  expect(run({ intervalUs: s(1) })).toEqual(run(undefined));
});
