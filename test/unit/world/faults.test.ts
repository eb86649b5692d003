import { describe, expect, it } from 'vitest';
import { EVENT_KIND, measure, ScenarioError, simulationAt, policiesFor } from '../../../engine/index.ts';
import type { ScenarioInput } from '../../../engine/index.ts';
import { expand } from '../../../engine/world/expand-fault.ts';
import { alike, constant, ms, rowsOf, s, simulate, world } from './build.ts';
import type { BackendInput } from './build.ts';

type ActionInput = NonNullable<ScenarioInput['timeline']>[number];
type DeployInput = Extract<ActionInput, { do: 'deploy' }>['deploy'];

const pools = (count: number, more: Partial<BackendInput> = {}, picker = 'round-robin') => [
  { picker: { name: picker }, backends: alike(count, { service: { default: constant(ms(10)) }, ...more }) },
];
function run(timeline: ActionInput[], more: Partial<ScenarioInput> = {}) {
  const simulation = simulate(world({ timeline, ...more }));
  simulation.runToEnd();
  return simulation;
}
const ends = (simulation: ReturnType<typeof run>, kind: number) =>
  rowsOf(simulation, kind).map(([atUs]) => atUs! / 1_000);
/** The steps of the only action, as "time what whom". */
function stepsOf(action: ActionInput, count = 3): string[] {
  const { timeline, pools: all } = world({ durationUs: s(1_000), pools: pools(count), timeline: [action] });
  const members = all.flatMap(({ id: pool, backends }) =>
    backends.map(({ id, zone, weight }) => ({ id, pool, zone, weight })),
  );
  return expand(timeline[0]!, members).map((step) => {
    const whom = 'backend' in step && typeof step.backend === 'string' ? ` ${step.backend}` : '';
    return `${step.atUs / 1_000_000} ${step.do}${whom}${'weight' in step ? ` ${step.weight}` : ''}`;
  });
}

describe('a machine', () => {
  it('that pauses does nothing meanwhile, and says so to nobody', () => {
    const paused = run([{ do: 'pause', atUs: ms(505), backend: 's1', durationUs: ms(300) }], { durationUs: s(1) });
    expect(ends(paused, EVENT_KIND.served)).toEqual([110, 210, 310, 410, 810, 820, 830, 840, 910]);
  });

  it('that stalls finishes what it has begun, and begins nothing', () => {
    const stalled = run([{ do: 'stall', atUs: ms(505), backend: 's1', durationUs: ms(300) }], { durationUs: s(1) });
    expect(ends(stalled, EVENT_KIND.served)).toEqual([110, 210, 310, 410, 510, 815, 825, 835, 910]);
  });

  it('that stalls lets no more wait than its queue holds', () => {
    const stalled = run([{ do: 'stall', atUs: ms(505), backend: 's1', durationUs: ms(400) }], {
      durationUs: s(1),
      pools: pools(1, { queueLimit: 1 }),
    });
    expect(ends(stalled, EVENT_KIND.failed)).toEqual([700, 800, 900]);
  });

  it('that crashes in a pause is not in one when it comes back', () => {
    const simulation = run(
      [
        { do: 'pause', atUs: ms(150), backend: 's1', durationUs: s(5) },
        { do: 'crash', atUs: ms(250), backend: 's1' },
        { do: 'recover', atUs: ms(350), backend: 's1' },
      ],
      { durationUs: s(1) },
    );
    expect(ends(simulation, EVENT_KIND.served)).toEqual([110, 410, 510, 610, 710, 810, 910]);
  });

  it('that fails slowly keeps a worker busy for that long', () => {
    const failing = run([{ do: 'fail', atUs: 0, backend: 's1', afterUs: ms(30), status: 500 }], {
      durationUs: ms(350),
    });
    expect(ends(failing, EVENT_KIND.failed)).toEqual([130, 230, 330]);
  });
});

describe('a composite fault', () => {
  it('storm of collections: pauses of equal length at equal distances', () => {
    const storm = { do: 'gc-storm', atUs: 0, backend: 's1', everyUs: s(2), pauseUs: s(1), durationUs: s(5) } as const;
    expect(stepsOf(storm)).toEqual([
      '0 hold s1',
      '1 let-go s1',
      '2 hold s1',
      '3 let-go s1',
      '4 hold s1',
      '5 let-go s1',
    ]);
  });

  it('flapping: down and up, as often as asked', () => {
    expect(stepsOf({ do: 'flap', atUs: s(1), backend: 's2', downUs: s(1), upUs: s(3), times: 2 })).toEqual([
      '1 crash s2',
      '2 recover s2',
      '5 crash s2',
      '6 recover s2',
    ]);
  });

  it('a burst of errors ends by itself', () => {
    const burst = run([{ do: 'error-burst', atUs: ms(250), backend: 's1', durationUs: ms(300) }], { durationUs: s(1) });
    expect(ends(burst, EVENT_KIND.failed)).toEqual([300, 400, 500]);
  });

  it('a lost zone takes its backends, and no others', () => {
    const [pool] = pools(4);
    const backends = pool!.backends.map((backend, at) => ({ ...backend, zone: at < 2 ? 'a' : 'b' }));
    const lost = simulate(
      world({
        pools: [{ ...pool!, backends }],
        timeline: [{ do: 'lose-zone', atUs: s(1), zone: 'b', durationUs: s(2) }],
      }),
    );
    const truths = () => lost.backends().map(({ truth }) => truth);
    lost.runUntil(s(2));
    expect(truths()).toEqual(['healthy', 'healthy', 'crashed', 'crashed']);
    lost.runUntil(s(3));
    expect(truths()).toEqual(['healthy', 'healthy', 'healthy', 'healthy']);
  });

  it('a surge multiplies the rate, whatever that is, and ends', () => {
    const surged = run([
      { do: 'set-rate', atUs: s(2), client: 'c1', rateRps: 5 },
      { do: 'surge', atUs: s(4), client: 'c1', factor: 3, durationUs: s(2) },
    ]);
    const came = (fromUs: number, toUs: number) => measure(surged.log, { metric: 'count', fromUs, toUs });
    expect([came(s(2.05), s(4)), came(s(4.05), s(6)), came(s(6.05), s(8))]).toEqual([9, 29, 9]);
  });

  it('a lost control plane loses what is asked of it, and the data plane goes on', () => {
    const lost = run([
      { do: 'lose-control-plane', atUs: s(1), durationUs: s(2) },
      { do: 'drain', atUs: s(2), backend: 's1' },
      { do: 'set-weight', atUs: s(4), backend: 's1', weight: 7 },
    ]);
    expect(lost.backends()[0]).toMatchObject({ believed: 'healthy', weight: 7 });
    expect(lost.counts.failed).toBe(0);
  });

  it('a backend that could not join while the control plane was lost is not there later on', () => {
    const late = { id: 'late', service: { default: constant(ms(10)) } };
    const lost = run([
      { do: 'lose-control-plane', atUs: s(1), durationUs: s(2) },
      { do: 'add-backend', atUs: s(2), backend: late },
      { do: 'crash', atUs: s(4), backend: 'late' },
    ]);
    expect(lost.backends().map(({ id }) => id)).toEqual(['s1']);
    expect(lost.counts.failed).toBe(0);
  });

  it.each([
    ['goes-on', 'unhealthy'],
    ['frozen', 'healthy'],
  ] as const)('with a lost control plane, health that %s leaves a crashed backend %s', (health, believed) => {
    const [pool] = pools(2);
    const lost = run(
      [
        { do: 'lose-control-plane', atUs: s(1), durationUs: s(20), health },
        { do: 'crash', atUs: s(2), backend: 's1' },
      ],
      { pools: [{ ...pool!, health: { intervalUs: s(1), timeoutUs: ms(500) } }] },
    );
    expect(lost.backends()[0]!.believed).toBe(believed);
  });
});

describe('a deploy', () => {
  const rolling = { strategy: 'rolling', drainUs: s(5), restartUs: s(2), settleUs: s(3) } as const;

  it('in batches drains, restarts and puts back one after the other', () => {
    expect(stepsOf({ do: 'deploy', atUs: 0, deploy: { ...rolling, batch: 2 } })).toEqual([
      '0 drain s1',
      '0 drain s2',
      '5 crash s1',
      '5 crash s2',
      '7 recover s1',
      '7 undrain s1',
      '7 recover s2',
      '7 undrain s2',
      '10 drain s3',
      '15 crash s3',
      '17 recover s3',
      '17 undrain s3',
    ]);
  });

  it('that is rolled back restarts those again that have the version, and spares the rest', () => {
    const bad = { ...rolling, drainUs: 0, settleUs: 0, version: { errorShare: 1 }, rollbackAfterUs: s(3) };
    expect(stepsOf({ do: 'deploy', atUs: 0, deploy: bad })).toEqual([
      '0 crash s1',
      '2 recover s1',
      '2 fail s1',
      '2 crash s2',
      '4 recover s2',
      '4 fail s2',
      '4 crash s1',
      '6 recover s1',
      '6 crash s2',
      '8 recover s2',
    ]);
  });

  it('from blue to green enables the one and drains the other, and back', () => {
    const blueGreen: DeployInput = { strategy: 'blue-green', from: ['s1'], to: ['s2'], rollbackAfterUs: s(9) };
    expect(stepsOf({ do: 'deploy', atUs: 0, deploy: blueGreen })).toEqual([
      '0 recover s2',
      '0 enable s2',
      '0 drain s1',
      '9 undrain s1',
      '9 disable s2',
    ]);
  });

  it('with a canary gives it the shares asked for, then all the version', () => {
    const canary: DeployInput = {
      strategy: 'canary',
      backends: ['s3'],
      shares: [0.2, 0.5],
      stepUs: s(10),
      version: { slowFactor: 2 },
    };
    // Two others that weigh 1 each: 2 x 0.2 / 0.8 is 0.5, and 2 x 0.5 / 0.5 is 2.
    expect(stepsOf({ do: 'deploy', atUs: 0, deploy: canary })).toEqual([
      '0 recover s3',
      '0 slow s3',
      '0 set-weight s3 0.5',
      '10 set-weight s3 2',
      '20 set-weight s3 1',
      '20 recover s1',
      '20 slow s1',
      '20 recover s2',
      '20 slow s2',
    ]);
  });
});

describe('faults on the timeline', () => {
  const flap = { do: 'flap', atUs: s(1), backend: 's1', downUs: ms(700), upUs: ms(700), times: 4 } as const;

  it('are one entry each, and one event in the trace', () => {
    const simulation = run([flap]);
    expect(simulation.timeline).toHaveLength(1);
    expect(rowsOf(simulation, EVENT_KIND.action)).toEqual([[s(1), EVENT_KIND.action, 0, 0, 0]]);
  });

  it('run the same when they are applied by hand, replayed, and sought', () => {
    const scenario = world({
      pools: pools(3),
      timeline: [{ do: 'stall', atUs: s(2), backend: 's2', durationUs: s(3) }],
    });
    const byHand = simulate(scenario);
    byHand.runUntil(s(1));
    byHand.apply({ ...flap, atUs: 0 });
    byHand.runUntil(s(3));
    byHand.apply({ do: 'surge', atUs: 0, client: 'c1', factor: 2, durationUs: s(1) });
    byHand.runToEnd();
    expect(byHand.timeline.map(({ atUs }) => atUs)).toEqual([s(1), s(2), s(3)]);
    const again = simulationAt(scenario, () => policiesFor(scenario), scenario.seed, byHand.timeline, s(4));
    again.runToEnd();
    expect(again.digest()).toBe(byHand.digest());
    expect(again.backends()).toEqual(byHand.backends());
  });

  it.each([
    [{ do: 'surge', atUs: 0, client: 'c2', factor: 2, durationUs: 1 }, 'timeline[0].client: found "c2"'],
    [{ do: 'lose-zone', atUs: 0, zone: 'z' }, 'timeline[0].zone: found "z"'],
    [{ do: 'pause', atUs: 0, backend: 's9', durationUs: 1 }, 'timeline[0].backend: found "s9"'],
    [{ do: 'slow-dependency', atUs: 0, dependency: 'db', factor: 2 }, 'timeline[0].dependency: found "db"'],
    [
      { do: 'gc-storm', atUs: 0, backend: 's1', everyUs: 5, pauseUs: 5, durationUs: 9 },
      'timeline[0].pauseUs: found 5, expected below everyUs, 5',
    ],
    [{ do: 'deploy', atUs: 0, deploy: { strategy: 'rolling', pool: 'x' } }, 'timeline[0].deploy.pool: found "x"'],
    [
      { do: 'deploy', atUs: 0, deploy: { strategy: 'blue-green', from: ['s1'], to: ['s1'] } },
      'timeline[0].deploy.from: found a backend twice',
    ],
    [
      { do: 'deploy', atUs: 0, deploy: { strategy: 'canary', backends: ['s1', 's2'], stepUs: 1 } },
      'timeline[0].deploy.backends: found all of the pool',
    ],
  ] as const)('that cannot be are told: %j', (action, message) => {
    const attempt = () => world({ pools: pools(2), timeline: [action as unknown as ActionInput] });
    expect(attempt).toThrow(ScenarioError);
    expect(attempt).toThrow(message);
  });
});
