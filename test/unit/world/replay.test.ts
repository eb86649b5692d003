import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policiesFor, simulationAt } from '../../../engine/index.ts';
import type { Action } from '../../../engine/index.ts';
import { fromLibrary, libraryNames } from './library.ts';
import { ms, rowsOf, s, simulate, world } from './build.ts';

/** Short enough to run many times, busy enough to mean something. */
const short = libraryNames
  .map((name) => ({ ...fromLibrary(name), durationUs: s(3) }))
  .map((scenario) => ({
    ...scenario,
    timeline: scenario.timeline.map((action) => ({ ...action, atUs: Math.round(action.atUs / 12) })),
  }));

const wholeRun = (scenario: (typeof short)[number]) => {
  const simulation = simulate(scenario);
  simulation.runToEnd();
  return simulation.digest();
};

describe('the digest does not depend on how a run is cut', () => {
  it.each(short.map((scenario) => [scenario.name, scenario] as const))(
    '%s: into slices, or step by step',
    (_, scenario) => {
      const expected = wholeRun(scenario);
      fc.assert(
        fc.property(fc.array(fc.nat(scenario.durationUs), { maxLength: 30 }), (cuts) => {
          const simulation = simulate(scenario);
          for (const cut of cuts.toSorted((a, b) => a - b)) simulation.runUntil(cut);
          simulation.runToEnd();
          expect(simulation.digest()).toBe(expected);
        }),
        { numRuns: 5 },
      );
      const stepped = simulate(scenario);
      while (stepped.step());
      expect(stepped.digest()).toBe(expected);
    },
  );

  it('but on the seed, and on the picker', () => {
    const scenario = short.find(({ name }) => name === 'equal-turns')!;
    const otherSeed = simulate(scenario, { seed: scenario.seed + 1 });
    otherSeed.runToEnd();
    expect(otherSeed.digest()).not.toBe(wholeRun(scenario));
    const [pool] = scenario.pools;
    expect(wholeRun({ ...scenario, pools: [{ ...pool!, picker: { name: 'random', options: {} } }] })).not.toBe(
      wholeRun(scenario),
    );
  });
});

describe('time', () => {
  it('stands where it was told to, also when nothing happens, and never beyond the end', () => {
    const simulation = simulate(world({ durationUs: s(1) }));
    simulation.runUntil(ms(50));
    expect([simulation.nowUs, simulation.ended]).toEqual([ms(50), false]);
    simulation.runUntil(ms(20));
    expect(simulation.nowUs).toBe(ms(50));
    simulation.runUntil(s(9));
    expect([simulation.nowUs, simulation.ended]).toEqual([s(1), true]);
  });

  it('a step goes to just after the next thing that happened, and to the end when nothing does', () => {
    const simulation = simulate(world({ durationUs: ms(150) }));
    const times = [];
    while (simulation.step()) times.push(simulation.nowUs);
    expect(times).toEqual([ms(100), ms(110)]);
    expect(simulation.ended).toBe(true);
  });
});

describe('what is done to a run', () => {
  const actions = fc.constantFrom<Action>(
    { do: 'crash', atUs: 0, backend: 's1' },
    { do: 'hang', atUs: 0, backend: 's2' },
    { do: 'slow', atUs: 0, backend: 's3', factor: 4 },
    { do: 'recover', atUs: 0, backend: 's1' },
    { do: 'recover', atUs: 0, backend: 's2' },
    { do: 'drain', atUs: 0, backend: 's3' },
    { do: 'undrain', atUs: 0, backend: 's3' },
    { do: 'set-weight', atUs: 0, backend: 's4', weight: 3 },
    { do: 'set-rate', atUs: 0, client: 'c1', rateRps: 500 },
    { do: 'remove-backend', atUs: 0, backend: 's5', force: true },
  );
  const doings = fc.array(fc.oneof(actions, fc.record({ runUs: fc.nat(400_000) }), fc.constant('step' as const)), {
    maxLength: 25,
  });

  it('joins the timeline, and the run replays from that alone', () => {
    const scenario = { ...fromLibrary('one-slows-down'), durationUs: s(3), timeline: [] };
    fc.assert(
      fc.property(doings, (script) => {
        const live = simulate(scenario);
        for (const doing of script) {
          if (doing === 'step') live.step();
          else if ('runUs' in doing) live.runUntil(live.nowUs + doing.runUs);
          else live.apply(doing);
        }
        live.runToEnd();
        const replayed = simulationAt(
          scenario,
          () => policiesFor(scenario),
          live.seed,
          live.timeline,
          scenario.durationUs,
        );
        expect(rowsOf(replayed)).toEqual(rowsOf(live));
        expect(replayed.digest()).toBe(live.digest());
      }),
      { numRuns: 40 },
    );
  });

  it('can be sought: any time, with the state and the digest of that time', () => {
    const scenario = fromLibrary('rolling-replacement');
    const straight = simulate(scenario);
    for (const atUs of [s(7), s(11.3), s(21)]) {
      straight.runUntil(atUs);
      const sought = simulationAt(scenario, () => policiesFor(scenario), scenario.seed, straight.timeline, atUs);
      expect(sought.nowUs).toBe(atUs);
      expect(sought.digest()).toBe(straight.digest());
      expect(sought.backends()).toEqual(straight.backends());
    }
  });

  it('happens now, whatever time the action bears, before what the timeline has in store', () => {
    const simulation = simulate(world({ timeline: [{ do: 'drain', atUs: ms(500), backend: 's1' }] }));
    simulation.runUntil(ms(200));
    simulation.apply({ do: 'slow', atUs: 9, backend: 's1', factor: 2 });
    expect(simulation.timeline.map(({ do: what, atUs }) => [what, atUs])).toEqual([
      ['slow', ms(200)],
      ['drain', ms(500)],
    ]);
    expect(simulation.backends()[0]!.truth).toBe('slow');
  });

  it.each<[string, Action]>([
    ['There is no backend "s9". There are: s1.', { do: 'crash', atUs: 0, backend: 's9' }],
    ['There is no client "c9". There are: c1.', { do: 'set-rate', atUs: 0, client: 'c9', rateRps: 1 }],
    [
      'There is, or was, a backend "s1" already. Choose another id.',
      { do: 'add-backend', atUs: 0, pool: 'default', backend: { ...world().pools[0]!.backends[0]! } },
    ],
    [
      'There is no pool "p9". There are: default.',
      { do: 'add-backend', atUs: 0, pool: 'p9', backend: { ...world().pools[0]!.backends[0]!, id: 's2' } },
    ],
  ])('is refused as a whole when it makes no sense: %s', (message, action) => {
    const simulation = simulate(world());
    expect(() => simulation.apply(action)).toThrow(new RangeError(message));
    expect(simulation.timeline).toEqual([]);
  });
});

it('a run without a trace counts the same requests and latencies', () => {
  const scenario = fromLibrary('crash-attracts-traffic');
  const [full, bare] = [simulate(scenario), simulate(scenario, { trace: false })];
  full.runToEnd();
  bare.runToEnd();
  expect(bare.counts).toEqual(full.counts);
  expect(bare.latencies.mean).toBe(full.latencies.mean);
  expect(bare.trace.length + bare.log.length).toBe(0);
});

it('a run that keeps no more than the digest of its trace has the same digest, and the same log where it keeps one', () => {
  for (const name of ['crash-attracts-traffic', 'master-dies']) {
    const scenario = fromLibrary(name);
    const full = simulate(scenario);
    const logged = simulate(scenario, { trace: 'digest' });
    const bare = simulate(scenario, { trace: 'digest', log: false });
    for (const simulation of [full, logged, bare]) simulation.runToEnd();
    expect([logged.digest(), bare.digest()]).toEqual([full.digest(), full.digest()]);
    expect(logged.log).toEqual(full.log);
    expect(bare.log.length).toBe(0);
    expect(bare.trace.length).toBeLessThan(full.trace.length / 10);
  }
});

it('the traffic of a run does not depend on its picker: the same requests arrive, with the same work', () => {
  const scenario = world({
    clients: [{ id: 'c1', arrivals: { kind: 'poisson', rateRps: 50 } }],
    pools: [
      {
        picker: { name: 'random' },
        backends: [1, 2, 3].map((n) => ({
          id: `s${n}`,
          workers: 50,
          service: { default: { kind: 'lognormal', meanUs: ms(50), scv: 2 } as const },
        })),
      },
    ],
  });
  const run = (name: string) => {
    const simulation = simulate({ ...scenario, pools: [{ ...scenario.pools[0]!, picker: { name, options: {} } }] });
    simulation.runToEnd();
    // With a worker for everybody the latency is the work.
    return Array.from({ length: 400 }, (_, row) => [simulation.log.arrivedUs[row], simulation.log.endedUs[row]]);
  };
  expect(run('random')).toEqual(run('least-connections'));
});
