import { describe, expect, it } from 'vitest';
import { EVENT_KIND } from '../../../engine/index.ts';
import type { ScenarioInput } from '../../../engine/index.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from './build.ts';

type PoolInput = ScenarioInput['pools'][number];

function run(pool: Partial<PoolInput>, timeline: ScenarioInput['timeline'], seconds = 20) {
  const backends = alike(2, { service: { default: constant(ms(1)) }, dependsOn: ['database'], weight: 100 });
  const pools = [{ picker: { name: 'round-robin' }, backends, ...pool }];
  const simulation = simulate(world({ durationUs: s(seconds), pools, timeline }));
  simulation.runToEnd();
  return simulation;
}

const health = (input: NonNullable<PoolInput['health']>): Partial<PoolInput> => ({
  health: { intervalUs: s(1), timeoutUs: ms(500), ...input },
});
const believed = (simulation: ReturnType<typeof run>) => simulation.backends().map((backend) => backend.believed);
const probeTimes = (simulation: ReturnType<typeof run>) =>
  rowsOf(simulation, EVENT_KIND.probed).flatMap(([atUs, , , backend]) => (backend === 0 ? [atUs!] : []));

describe('what a check asks for', () => {
  const database = { do: 'break-dependency', atUs: s(5), dependency: 'database' } as const;

  it('readiness and gRPC fail while a dependency is broken, liveness does not', () => {
    expect(believed(run(health({ check: 'readiness' }), [database]))).toEqual(['unhealthy', 'unhealthy']);
    expect(believed(run(health({ check: 'grpc' }), [database]))).toEqual(['unhealthy', 'unhealthy']);
    expect(believed(run(health({ check: 'http' }), [database]))).toEqual(['healthy', 'healthy']);
    const mended = [database, { do: 'mend-dependency', atUs: s(10), dependency: 'database' } as const];
    expect(believed(run(health({ check: 'readiness' }), mended))).toEqual(['healthy', 'healthy']);
  });

  it('a status that is not accepted, or a body without the text, fails', () => {
    const answers = (status: number, body: string) =>
      [{ do: 'answer-checks', atUs: s(5), backend: 's1', status, body }] as const;
    expect(believed(run(health({}), [...answers(503, 'ok')]))[0]).toBe('unhealthy');
    expect(believed(run(health({}), [...answers(302, '')]))[0]).toBe('healthy');
    expect(believed(run(health({ accept: [[200, 299]] }), [...answers(302, '')]))[0]).toBe('unhealthy');
    expect(believed(run(health({ expectBody: 'ok' }), [...answers(200, 'sorry')]))[0]).toBe('unhealthy');
    expect(believed(run(health({ check: 'tcp' }), [...answers(503, '')]))[0]).toBe('healthy');
  });
});

describe('the agent', () => {
  const says = (reply: string | null, atS = 5) => ({ do: 'agent-says', atUs: s(atS), backend: 's1', reply }) as const;
  const first = (...timeline: NonNullable<ScenarioInput['timeline']>) =>
    run({ agent: { intervalUs: s(1), timeoutUs: ms(500) } }, timeline).backends()[0]!;

  it('sets a part of the weight, rounded down; nothing left means no new requests', () => {
    expect(first(says('25%')).weight).toBe(25);
    expect(first(says('0%')).believed).toBe('draining');
    expect(first(says('0%'), says('100%', 10))).toMatchObject({ believed: 'healthy', weight: 100 });
  });

  it('takes its backend out and brings it back, but only "ready" ends drain', () => {
    expect(first(says('down')).believed).toBe('unhealthy');
    expect(first(says('down'), says('up', 10)).believed).toBe('healthy');
    expect(first(says('drain'), says('up', 10)).believed).toBe('draining');
    expect(first(says('drain'), says('ready', 10)).believed).toBe('healthy');
  });

  it('that falls silent changes nothing', () => {
    expect(first(says('down'), says(null, 10)).believed).toBe('unhealthy');
  });
});

describe('intervals', () => {
  const crash = { do: 'crash', atUs: s(5), backend: 's1' } as const;
  const gaps = (times: readonly number[]) => times.slice(1).map((time, at) => time - times[at]!);

  it('are short in transition and long while the backend is out', () => {
    for (const schedule of ['fixed', 'after-result'] as const) {
      const times = probeTimes(run(health({ schedule, fastIntervalUs: ms(100), downIntervalUs: s(3) }), [crash]));
      const failing = times.filter((time) => time >= s(5));
      expect(gaps(failing).slice(0, 4)).toEqual([ms(100), ms(100), s(3), s(3)]);
    }
  });

  it('vary by no more than the jitter, and do vary', () => {
    const found = gaps(probeTimes(run(health({ schedule: 'after-result', jitter: 0.2 }), [], 200)));
    expect(Math.min(...found)).toBeGreaterThanOrEqual(ms(800));
    expect(Math.max(...found)).toBeLessThanOrEqual(ms(1_200));
    // Of 160 uniform gaps none in the upper tenth: 0.9^160, 5 in 100 million.
    expect(Math.max(...found)).toBeGreaterThan(ms(1_160));
    expect(Math.min(...found)).toBeLessThan(ms(840));
  });

  it('are long until the first request', () => {
    const clients = [{ id: 'c1', arrivals: { kind: 'constant', rateRps: 0.01 } as const }];
    const pools = [
      {
        picker: { name: 'round-robin' },
        health: { intervalUs: s(1), timeoutUs: ms(500), noTrafficIntervalUs: s(60) },
        backends: alike(1, { service: { default: constant(ms(1)) } }),
      },
    ];
    const simulation = simulate(world({ durationUs: s(300), clients, pools }));
    simulation.runToEnd();
    const firstRequestUs = rowsOf(simulation, EVENT_KIND.arrived)[0]![0]!;
    const times = probeTimes(simulation);
    expect(gaps(times.filter((time) => time < firstRequestUs)).every((gap) => gap === s(60))).toBe(true);
    expect(gaps(times.filter((time) => time > firstRequestUs)).every((gap) => gap === s(1))).toBe(true);
  });
});

it.each([
  [{ timeoutUs: s(2) }, 'timeoutUs', 'after-result'],
  [{ fastIntervalUs: s(2) }, 'fastIntervalUs', 'Shorten it'],
  [{ noTrafficIntervalUs: ms(500) }, 'noTrafficIntervalUs', 'Lengthen it'],
  [{ accept: [[299, 200]] as [number, number][] }, 'accept[0]', 'Write [200, 299]'],
  [{ check: 'tcp' as const, expectBody: 'ok' }, 'expectBody', 'Leave it out'],
  [{ policy: { name: 'haproxy-check', options: { rise: 0 } } }, 'policy.options.rise', 'a whole number from 1'],
])('%j is refused with its field and remedy', (input, field, remedy) => {
  expect(() => run(health(input), [])).toThrow(`pools[0].health.${field}`);
  expect(() => run(health(input), [])).toThrow(remedy);
});

it.each([
  [{ name: 'outlier-detection', options: { maxEjectionPercent: 120 } }, 'maxEjectionPercent'],
  [{ name: 'consecutive-failures', options: { minPenaltyUs: s(90) } }, 'minPenaltyUs'],
  [{ name: 'nginx-max-fails', options: { maxFails: 1.5 } }, 'maxFails'],
])('%j is refused with its field', (outlier, field) => {
  expect(() => run({ outlier }, [])).toThrow(`pools[0].outlier.options.${field}`);
});
