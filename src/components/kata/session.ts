import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { KataVerdict, ScenarioVerdict } from '../../../engine/index.ts';
import type { Attempt, AttemptRecord, KataState, StoreStatus } from '../../store/progress.ts';
import { createShrinking, type Shrink, type Shrinking } from './shrinking.ts';
import { announcement, countOf, failing, firstFailed } from './summary.ts';

/**
 * One sitting at a kata: the code, its saving, runs and their verdicts, help taken. No DOM in here, so that a test can sit through it.
 * What it needs of the outside world comes in as `Services`.
 */

/** What a run tries: the visible scenarios (Run), or these and the hidden ones (Submit). */
export type Suite = 'visible' | 'both';

export interface Services {
  run(request: {
    kata: string;
    source: string;
    suite: Suite;
    signal: AbortSignal;
    onProgress: (progress: { scenario: number; of: number }) => void;
  }): Promise<KataVerdict>;
  readonly shrink: Shrink;
  /** What is kept of this kata. */
  load(): Promise<{
    source: string | undefined;
    helped: boolean;
    attempts: readonly AttemptRecord[];
    state: KataState;
  }>;
  /** Answers whether it is kept for longer than this tab. */
  saveSource(source: string, helped: boolean): Promise<StoreStatus>;
  saveAttempt(attempt: Attempt): Promise<void>;
  saveState(state: KataState): Promise<void>;
  /** Puts the solved kata among the things to come back to; answers the day. */
  scheduleReview(): Promise<Date>;
  now(): Date;
}

export interface Running {
  readonly suite: Suite;
  readonly done: number;
  /** Unknown until the first progress. */
  readonly of?: number | undefined;
}

/** A verdict and the code it speaks of. */
export interface Judged {
  readonly verdict: KataVerdict;
  readonly suite: Suite;
  readonly source: string;
  readonly at: Date;
}

export interface Saved {
  readonly at: Date;
  readonly status: StoreStatus;
}

export interface Session {
  readonly source: ReadonlySignal<string>;
  readonly saved: ReadonlySignal<Saved | undefined>;
  readonly running: ReadonlySignal<Running | undefined>;
  readonly judged: ReadonlySignal<Judged | undefined>;
  /** The code was changed after the verdict. */
  readonly outdated: ReadonlySignal<boolean>;
  readonly failing: ReadonlySignal<number>;
  /** Oldest first. */
  readonly attempts: ReadonlySignal<readonly AttemptRecord[]>;
  readonly state: ReadonlySignal<KataState>;
  /** Help was taken while the present code was written. */
  readonly helped: ReadonlySignal<boolean>;
  /** For the live region: what just happened. */
  readonly said: ReadonlySignal<string>;
  /** When a kata solved in this sitting comes back. */
  readonly review: ReadonlySignal<Date | undefined>;
  /** The search for the smallest world that fails like a scenario of the last verdict. */
  readonly shrinking: ReadonlySignal<Shrinking | undefined>;
  /** Reads what was kept. `safe`: begins with the starter, and leaves the code that was kept as it is: nothing typed is saved. */
  open(options: { safe: boolean }): Promise<void>;
  edit(source: string): void;
  /** Back to the starter, alone: help taken before is forgotten. Answers how to undo it. */
  reset(): () => void;
  /** Saves at once what typing has not saved yet. */
  flush(): Promise<void>;
  run(suite: Suite): Promise<void>;
  abort(): void;
  /** Looks for the smallest world in which the judged code fails as it did in this scenario. */
  shrink(scenario: ScenarioVerdict): Promise<void>;
  stopShrinking(): void;
  takeHelp(): void;
}

/** How long typing must rest before it is saved. */
const saveDelayMs = 500;

export function createSession(kata: { slug: string; starter: string }, services: Services): Session {
  const source = signal(kata.starter);
  const saved = signal<Saved | undefined>(undefined);
  const running = signal<Running | undefined>(undefined);
  const judged = signal<Judged | undefined>(undefined);
  const attempts = signal<readonly AttemptRecord[]>([]);
  const state = signal<KataState>('new');
  const helped = signal(false);
  const said = signal('');
  const review = signal<Date | undefined>(undefined);
  const twins = createShrinking(services, (words) => (said.value = words));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abortion: AbortController | undefined;
  let keeps = true;

  async function open({ safe }: { safe: boolean }) {
    keeps = !safe;
    const kept = await services.load();
    attempts.value = kept.attempts;
    state.value = kept.state;
    if (safe || kept.source === undefined) return;
    source.value = kept.source;
    helped.value = kept.helped;
  }

  function edit(next: string) {
    if (next !== source.value) write(next, helped.value);
  }

  function write(next: string, withHelp: boolean) {
    source.value = next;
    helped.value = withHelp;
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), saveDelayMs);
  }

  async function flush() {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    if (!keeps) return;
    const status = await services.saveSource(source.value, helped.value);
    saved.value = { at: services.now(), status };
  }

  async function run(suite: Suite) {
    if (running.value) return;
    twins.stop();
    const code = source.value;
    const controller = new AbortController();
    abortion = controller;
    running.value = { suite, done: 0 };
    said.value = suite === 'both' ? 'Submitting' : 'Running the visible scenarios';
    const verdict = await services
      .run({
        kata: kata.slug,
        source: code,
        suite,
        signal: controller.signal,
        onProgress: ({ scenario, of }) => {
          if (!controller.signal.aborted) running.value = { suite, done: scenario, of };
        },
      })
      .catch(ourFault);
    const stopped = controller.signal.aborted;
    const next = { verdict, suite, source: code, at: services.now() };
    // What is told is kept already: whoever reads "solved" and leaves at once has solved it.
    if (!stopped && verdict.failure?.kind !== 'engine-fault') await keep(next);
    batch(() => {
      running.value = undefined;
      said.value = stopped ? 'Stopped. Nothing was judged.' : announcement(verdict);
      if (stopped) return;
      judged.value = next;
      twins.forget();
    });
  }

  async function keep(next: Judged) {
    const attempt = attemptOf(next);
    const reached = stateOf(next, helped.value);
    await Promise.all([services.saveAttempt(attempt), services.saveState(reached)]);
    if (reached !== 'tried') review.value = await services.scheduleReview();
    attempts.value = [...attempts.value, { ...attempt, kata: kata.slug, atIso: next.at.toISOString() }];
    state.value = furthest(state.value, reached);
  }

  /** The bridge promises a verdict for everything; when it breaks that promise the learner is told whose fault it is. */
  function ourFault(error: unknown): KataVerdict {
    const message = error instanceof Error ? error.message : String(error);
    const failure = { kind: 'engine-fault', title: 'Our fault: the run could not be graded', message } as const;
    return { kata: kata.slug, passed: false, scenarios: [], failure, log: [] };
  }

  return {
    source,
    saved,
    running,
    judged,
    outdated: computed(() => judged.value !== undefined && judged.value.source !== source.value),
    failing: computed(() => (judged.value ? failing(judged.value.verdict) : 0)),
    attempts,
    state,
    helped,
    said,
    review,
    shrinking: twins.state,
    open,
    edit,
    reset() {
      const before = { source: source.value, helped: helped.value };
      write(kata.starter, false);
      return () => write(before.source, before.helped);
    },
    flush,
    run,
    abort: () => abortion?.abort(),
    async shrink(scenario) {
      if (judged.value && !running.value) await twins.shrink(judged.value.source, scenario);
    },
    stopShrinking: twins.stop,
    takeHelp() {
      if (!helped.value) write(source.value, true);
    },
  };
}

function attemptOf({ verdict, suite, source }: Judged): Attempt {
  return {
    source,
    passed: suite === 'both' && verdict.passed,
    visible: countOf(verdict, 'visible'),
    hidden: suite === 'both' ? countOf(verdict, 'hidden') : undefined,
    failure: (verdict.failure ?? firstFailed(verdict)?.failure)?.title,
  };
}

function stateOf({ verdict, suite }: Judged, helped: boolean): KataState {
  if (suite === 'both' && verdict.passed) return helped ? 'solved-with-help' : 'solved';
  return 'tried';
}

/** The same rule as the store's: a state only moves up. */
function furthest(one: KataState, other: KataState): KataState {
  const order: readonly KataState[] = ['new', 'tried', 'solved-with-help', 'solved'];
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}
