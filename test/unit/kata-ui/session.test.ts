import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { KataVerdict, ScenarioVerdict } from '../../../engine/index.ts';
import { createSession, type Services, type Suite } from '../../../src/components/kata/session.ts';
import type { Attempt, KataState } from '../../../src/store/progress.ts';

const starter = 'export default () => ({ pick: (backends) => backends[0] });';

function scenario(suite: ScenarioVerdict['suite'], number: number, status: ScenarioVerdict['status']): ScenarioVerdict {
  const failure = { kind: 'wrong-answer', title: 'Wrong answer: out of turn' } as const;
  const base = { suite, number, name: `s${number}`, title: `scenario ${number}`, seed: 1, status };
  return status === 'failed' ? { ...base, failure } : base;
}

function verdict(passed: boolean, suite: Suite = 'both'): KataVerdict {
  const hidden = suite === 'both' ? (passed ? 'passed' : 'failed') : 'not-run';
  return {
    kata: 'round-robin',
    passed,
    scenarios: [scenario('visible', 1, 'passed'), scenario('hidden', 1, hidden)],
    log: [],
  };
}

/** A world that keeps everything in reach of the test. */
function world(answer: (suite: Suite) => KataVerdict | Promise<KataVerdict> = () => verdict(true)) {
  const kept = {
    source: undefined as string | undefined,
    helped: false,
    attempts: [] as Attempt[],
    state: 'new' as KataState,
  };
  const runs: { source: string; suite: Suite; signal: AbortSignal }[] = [];
  const services: Services = {
    run: async ({ source, suite, signal }) => {
      runs.push({ source, suite, signal });
      return answer(suite);
    },
    shrink: () => Promise.resolve(undefined),
    load: () => Promise.resolve({ source: kept.source, helped: kept.helped, attempts: [], state: kept.state }),
    saveSource: (source, helped) => {
      Object.assign(kept, { source, helped });
      return Promise.resolve({ kind: 'kept' });
    },
    saveAttempt: (attempt) => Promise.resolve(void kept.attempts.push(attempt)),
    saveState: (state) => Promise.resolve(void (kept.state = state)),
    scheduleReview: () => Promise.resolve(new Date('2026-11-23T18:52:00')),
    now: () => new Date('2026-11-20T18:52:00'),
  };
  return { kept, runs, services, session: createSession({ slug: 'round-robin', starter }, services) };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('begins with the starter and, where code was kept, with that', async () => {
  const { session, kept } = world();
  await session.open({ safe: false });
  expect(session.source.value).toBe(starter);
  kept.source = 'mine';
  await session.open({ safe: false });
  expect(session.source.value).toBe('mine');
});

test('a verdict is shown when it is kept: whoever leaves at the sight of it loses nothing', async () => {
  const { session, services, kept } = world();
  await session.open({ safe: false });
  vi.spyOn(services, 'saveState').mockImplementation(async (state) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(session.judged.value).toBeUndefined();
    kept.state = state;
  });
  const run = session.run('both');
  await vi.runAllTimersAsync();
  await run;
  expect(session.judged.value?.verdict.passed).toBe(true);
  expect(kept).toMatchObject({ state: 'solved', attempts: [{ passed: true }] });
});

test('saves once typing has rested, the last text only', async () => {
  const { session, services } = world();
  const save = vi.spyOn(services, 'saveSource');
  await session.open({ safe: false });
  session.edit('a');
  session.edit('ab');
  expect(save).not.toHaveBeenCalled();
  await vi.runAllTimersAsync();
  expect(save.mock.calls).toEqual([['ab', false]]);
  expect(session.saved.value?.status.kind).toBe('kept');
});

test('leaving the page saves what typing has not saved yet', async () => {
  const { session, kept } = world();
  await session.open({ safe: false });
  session.edit('half a thought');
  await session.flush();
  expect(kept.source).toBe('half a thought');
});

test('opened safely it shows the starter and never touches the kept code', async () => {
  const { session, kept } = world();
  kept.source = 'loops for ever';
  await session.open({ safe: true });
  expect(session.source.value).toBe(starter);
  session.edit('typed in a hurry');
  await vi.runAllTimersAsync();
  await session.flush();
  expect(kept.source).toBe('loops for ever');
});

test('a run never starts by itself', async () => {
  const { session, runs } = world();
  await session.open({ safe: false });
  session.edit('x');
  await vi.runAllTimersAsync();
  expect(runs).toEqual([]);
});

test('a passed submission solves the kata and is kept with its code and counts', async () => {
  const { session, kept } = world();
  await session.open({ safe: false });
  session.edit('right');
  await session.run('both');
  expect(session.state.value).toBe('solved');
  expect(kept.state).toBe('solved');
  expect(kept.attempts).toEqual([
    {
      source: 'right',
      passed: true,
      visible: { passed: 1, total: 1 },
      hidden: { passed: 1, total: 1 },
      failure: undefined,
    },
  ]);
});

test('a solved kata comes back for review, a tried one does not', async () => {
  const { session } = world((suite) => verdict(suite === 'both', suite));
  await session.open({ safe: false });
  await session.run('visible');
  expect(session.review.value).toBeUndefined();
  await session.run('both');
  expect(session.review.value).toEqual(new Date('2026-11-23T18:52:00'));
});

test('passing the visible scenarios solves nothing', async () => {
  const { session, kept } = world((suite) => verdict(true, suite));
  await session.open({ safe: false });
  await session.run('visible');
  expect(session.state.value).toBe('tried');
  expect(kept.attempts[0]).toMatchObject({ passed: false, hidden: undefined });
});

test('help opened before the pass makes it solved with help, after a reload too', async () => {
  const first = world();
  await first.session.open({ safe: false });
  first.session.takeHelp();
  await vi.runAllTimersAsync();
  const second = createSession({ slug: 'round-robin', starter }, first.services);
  await second.open({ safe: false });
  await second.run('both');
  expect(first.kept.state).toBe('solved-with-help');
});

test('help opened after the pass takes nothing away', async () => {
  const { session, kept } = world();
  await session.open({ safe: false });
  await session.run('both');
  session.takeHelp();
  await session.run('both');
  expect(session.state.value).toBe('solved');
  expect(kept.attempts).toHaveLength(2);
});

test('reset brings back the starter without help, and undo brings back both', async () => {
  const { session } = world();
  await session.open({ safe: false });
  session.edit('mine');
  session.takeHelp();
  const undo = session.reset();
  expect([session.source.value, session.helped.value]).toEqual([starter, false]);
  undo();
  expect([session.source.value, session.helped.value]).toEqual(['mine', true]);
});

test('a verdict is outdated once the code has changed, and not when the change is taken back', async () => {
  const { session } = world(() => verdict(false));
  await session.open({ safe: false });
  await session.run('both');
  expect(session.outdated.value).toBe(false);
  session.edit('other');
  expect(session.outdated.value).toBe(true);
  session.edit(starter);
  expect(session.outdated.value).toBe(false);
});

test('stopping a run judges nothing', async () => {
  let end: (value: KataVerdict) => void = () => undefined;
  const { session, kept, runs } = world(() => new Promise((resolve) => (end = resolve)));
  await session.open({ safe: false });
  const done = session.run('both');
  session.abort();
  expect(runs[0]!.signal.aborted).toBe(true);
  end(verdict(true));
  await done;
  expect(session.judged.value).toBeUndefined();
  expect(session.running.value).toBeUndefined();
  expect(kept.attempts).toEqual([]);
});

test('while one run goes on a second does not start', async () => {
  let end: (value: KataVerdict) => void = () => undefined;
  const { session, runs } = world(() => new Promise((resolve) => (end = resolve)));
  await session.open({ safe: false });
  const done = session.run('both');
  await session.run('visible');
  expect(runs).toHaveLength(1);
  end(verdict(true));
  await done;
});

test('a grader that breaks is our fault: no attempt, no state, and the next run works', async () => {
  let broken = true;
  const { session, kept } = world(() => (broken ? Promise.reject(new Error('worker gone')) : verdict(true)));
  await session.open({ safe: false });
  await session.run('both');
  expect(session.judged.value?.verdict.failure).toMatchObject({ kind: 'engine-fault', message: 'worker gone' });
  expect(kept).toMatchObject({ attempts: [], state: 'new' });
  broken = false;
  await session.run('both');
  expect(session.state.value).toBe('solved');
});

test('the live region hears the counts and the first failure', async () => {
  const { session } = world(() => verdict(false));
  await session.open({ safe: false });
  await session.run('both');
  expect(session.said.value).toBe('1 of 1 visible, 0 of 1 hidden. Wrong answer: out of turn.');
});
