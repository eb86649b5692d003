import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BACKEND,
  EVENT,
  eventColumns,
  EVENT_KIND,
  FAILURE,
  Simulation,
  frameWriter,
  policiesFor,
  type ScenarioVerdict,
} from '../../../engine/index.ts';
import { parseScenario } from '../../../engine/parse.ts';
import {
  axisTicks,
  decisionAt,
  decisionsOf,
  eventsUntil,
  faultSpans,
  nextCostly,
  openingDecision,
  probeHistory,
  speedsFor,
  stripSpan,
  type Decision,
} from '../../../src/components/kata/replay/model.ts';
import { createPlayer, type Run } from '../../../src/components/kata/replay/player.ts';

const backend = (id: string) => ({ id, service: { default: { kind: 'exponential', meanUs: 20_000 } } });
const world = parseScenario(
  {
    name: 'replayed',
    title: 'replayed',
    shows: 'a crash and a slow backend',
    durationUs: 8_000_000,
    // Equal arrivals of two clients: picks fall in the same microsecond.
    clients: ['c1', 'c2'].map((id) => ({ id, arrivals: { kind: 'constant', rateRps: 20 } })),
    pools: [
      {
        picker: { name: 'round-robin' },
        health: { intervalUs: 500_000, timeoutUs: 200_000 },
        backends: ['s1', 's2', 's3'].map(backend),
      },
    ],
    timeline: [
      { do: 'crash', atUs: 2_000_000, backend: 's2' },
      { do: 'recover', atUs: 4_000_000, backend: 's2' },
      { do: 'slow', atUs: 5_000_000, backend: 's3', factor: 4 },
    ],
  },
  'test/unit/kata-ui/replay.test.ts',
);

const verdict: ScenarioVerdict = {
  suite: 'hidden',
  number: 1,
  name: 'replayed',
  title: 'replayed',
  seed: 1,
  status: 'failed',
};

/** The handle of a replay, without its worker. */
function openRun(): Run & { events(): Float64Array } {
  const start = () => {
    const simulation = new Simulation(world, policiesFor(world));
    return { simulation, frames: frameWriter(simulation) };
  };
  let run = start();
  const frame = () => Promise.resolve(run.frames.next());
  return {
    seek(atUs) {
      run = start();
      run.simulation.runUntil(atUs);
      return frame();
    },
    step(kinds) {
      const { trace } = run.simulation;
      let seen = trace.length;
      while (run.simulation.step()) {
        for (; seen < trace.length; seen++) if (kinds?.includes(trace.kind[seen]!) ?? true) return frame();
      }
      return frame();
    },
    advance(untilUs) {
      run.simulation.runUntil(untilUs);
      return frame();
    },
    close: () => undefined,
    events() {
      const { simulation } = start();
      simulation.runToEnd();
      const { trace } = simulation;
      return eventColumns(
        trace,
        Array.from({ length: trace.length }, (_, row) => row),
      );
    },
  };
}

describe('the decisions of a run', () => {
  test('are its picks for a picker and its probes for a health policy, in order of time', () => {
    const events = openRun().events();
    const picks = decisionsOf(events, 'pick', verdict);
    const probes = decisionsOf(events, 'probe', verdict);
    expect(picks.map(({ request }) => request)).toEqual(picks.map((_, index) => index + 1));
    expect(probes.length).toBeGreaterThan(30);
    expect(probes.filter(({ judged }) => judged !== undefined).length).toBeGreaterThanOrEqual(2);
    for (const decisions of [picks, probes]) {
      expect(decisions.every(({ atUs }, index) => index === 0 || atUs >= decisions[index - 1]!.atUs)).toBe(true);
    }
  });

  test('carry the learner line of the same place on the tape', () => {
    const lines = Uint16Array.from([7, 8, 9]);
    const decisions = decisionsOf(openRun().events(), 'pick', { ...verdict, lines });
    expect(decisions.slice(0, 4).map(({ line }) => line)).toEqual([7, 8, 9, 0]);
  });

  test('count a request without a backend only where the tape says that the picker declined it', () => {
    const events = Float64Array.from([
      ...[10, EVENT_KIND.picked, 1, 0, 1, -1],
      ...[20, EVENT_KIND.failed, 2, -1, FAILURE.noBackend, -1],
      ...[30, EVENT_KIND.picked, 3, 1, 1, -1],
    ]);
    const declined = decisionsOf(events, 'pick', { ...verdict, tape: { picks: Uint16Array.from([0, 0xffff, 1]) } });
    expect(declined.map(({ request, backend }) => [request, backend])).toEqual([
      [1, 0],
      [2, -1],
      [3, 1],
    ]);
    const nobodyThere = decisionsOf(events, 'pick', { ...verdict, tape: { picks: Uint16Array.from([0, 1]) } });
    expect(nobodyThere.map(({ request }) => request)).toEqual([1, 3]);
  });

  test('that break the check are costly, and the view opens at the first of them', () => {
    const events = openRun().events();
    const plain = decisionsOf(events, 'pick', verdict);
    const [first, second] = [plain[20]!, plain[31]!];
    const failure = {
      kind: 'wrong-answer',
      title: 'x',
      when: { atUs: first.atUs, request: first.request },
      costlyUs: [first.atUs, second.atUs],
    } as const;
    const failed = { ...verdict, failure };
    const decisions = decisionsOf(events, 'pick', failed);
    expect(openingDecision(decisions, failed)).toBe(20);
    expect(nextCostly(decisions, 21)).toBeGreaterThanOrEqual(30);
    expect(nextCostly(decisions, decisions.length - 1)).toBe(decisions.findIndex(({ costly }) => costly));
    expect(nextCostly(plain, 0)).toBeUndefined();
  });
});

describe('the player', () => {
  test('shows the world as the picker found it, also when several picks fall in one microsecond', async () => {
    const run = openRun();
    const events = run.events();
    const decisions = decisionsOf(events, 'pick', verdict);
    const player = createPlayer(run, decisions, { speed: 1, onError: (error) => expect.fail(String(error)) });
    for (const index of [0, 1, 2, 3, 40, 41, 7, decisions.length - 1]) {
      await player.show(index);
      const { backend, end } = decisions[index]!;
      const frame = player.frame.value!;
      expect(player.exact.value).toBe(true);
      expect(frame.lastPick.request).toBe(index);
      // The event of the pick counts this request, too.
      const counted = events[end - EVENT.stride + EVENT.value]!;
      expect(frame.backends[backend * BACKEND.stride + BACKEND.inFlight]).toBe(counted - 1);
    }
  });

  test('shows a probe together with the change of belief it caused', async () => {
    const run = openRun();
    const decisions = decisionsOf(run.events(), 'probe', verdict);
    const player = createPlayer(run, decisions, { speed: 1, onError: (error) => expect.fail(String(error)) });
    const changes = decisions.flatMap((decision, index) => (decision.judged === undefined ? [] : [index]));
    for (const index of changes) {
      await player.show(index);
      const { backend, judged } = decisions[index]!;
      expect(player.frame.value!.backends[backend * BACKEND.stride + BACKEND.believed]).toBe(judged);
    }
  });

  test('keeps the last picture and tells why when the run cannot go on', async () => {
    const run = openRun();
    const errors: unknown[] = [];
    const player = createPlayer(run, decisionsOf(run.events(), 'pick', verdict), {
      speed: 1,
      onError: (error) => errors.push(error),
    });
    await player.show(3);
    const before = player.frame.value;
    run.seek = () => Promise.reject(new Error('worker gone'));
    await player.show(5);
    expect(player.frame.value).toBe(before);
    expect(errors).toEqual([new Error('worker gone')]);
  });
});

test('the table holds what happened up to a decision and not what follows in the same microsecond', () => {
  const events = openRun().events();
  const decisions = decisionsOf(events, 'pick', verdict);
  const twin = decisions.findIndex(({ atUs }, index) => decisions[index + 1]?.atUs === atUs);
  const { request, atUs } = decisions[twin]!;
  const until = eventsUntil(events, atUs, decisions[twin], 50);
  expect(until.at(-EVENT.stride + EVENT.request)).toBe(request);
  expect(eventsUntil(events, atUs, undefined, 50).at(-EVENT.stride + EVENT.atUs)).toBe(atUs);
  expect(until.length).toBeLessThanOrEqual(50 * EVENT.stride);
});

test('the last probes of a backend are its own, the newest last', () => {
  const decisions = decisionsOf(openRun().events(), 'probe', verdict);
  const down = decisions.findIndex(({ backend, passed }) => backend === 1 && !passed);
  expect(probeHistory(decisions, down, 1, 3)).toEqual([true, true, false]);
  expect(probeHistory(decisions, down, 0, 3)).toEqual([true, true, true]);
});

test('faults are spans that end with what ends them, or with the run', () => {
  expect(faultSpans(world.timeline, world.durationUs)).toEqual([
    { backend: 's2', kind: 'crash', fromUs: 2_000_000, toUs: 4_000_000, words: 's2 down from 2\u00a0s' },
    { backend: 's3', kind: 'slow', fromUs: 5_000_000, toUs: 8_000_000, words: 's3 4× slow from 5\u00a0s' },
  ]);
});

const times = fc.array(fc.nat(10_000_000), { minLength: 1, maxLength: 400 }).map((list) => list.sort((a, b) => a - b));
const asDecisions = (list: number[]): Decision[] =>
  list.map((atUs, index) => ({
    atUs,
    kind: 'pick',
    request: index + 1,
    backend: 0,
    passed: false,
    judged: undefined,
    line: 0,
    costly: false,
    end: 0,
  }));

test('the decision at a moment is the last one not after it', () => {
  fc.assert(
    fc.property(times, fc.nat(11_000_000), (list, atUs) => {
      const found = decisionAt(asDecisions(list), atUs);
      expect(found).toBe(list.findLastIndex((time) => time <= atUs));
    }),
  );
});

test('the strip always holds the decision shown', () => {
  fc.assert(
    fc.property(times, fc.nat(), fc.integer({ min: 4, max: 60 }), (list, choice, most) => {
      const decisions = asDecisions(list);
      const index = choice % list.length;
      const { fromUs, toUs } = stripSpan(decisions, index, most, 10_000_001);
      expect(fromUs).toBeLessThanOrEqual(list[index]!);
      expect(toUs).toBeGreaterThanOrEqual(list[index]!);
    }),
  );
});

test('the ticks of the axis are round, inside, and never more than fit', () => {
  fc.assert(
    fc.property(
      fc.nat(10_000_000),
      fc.integer({ min: 10, max: 10_000_000 }),
      fc.integer({ min: 2, max: 8 }),
      (fromUs, length, most) => {
        const ticks = axisTicks({ fromUs, toUs: fromUs + length }, most);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        expect(ticks.every((at) => at >= fromUs && at <= fromUs + length)).toBe(true);
      },
    ),
  );
});

test('at the slower speed a few decisions at most go by in a second', () => {
  expect(speedsFor(26, 450_000)).toEqual([0.01, 0.1]);
  expect(speedsFor(30, 60_000_000)).toEqual([1, 10]);
  expect(speedsFor(4_000, 60_000_000)).toEqual([0.01, 0.1]);
});
