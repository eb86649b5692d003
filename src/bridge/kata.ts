/**
 * Grading, as a page sees it. TypeScript checks the code and puts guards in (a trusted worker), the frame runs it (trusted with nothing) and
 * answers a tape, the Judge replays the tape (a trusted worker) and says what it is worth.
 */
import {
  EVENT,
  EVENT_KIND,
  seedIn,
  shrink,
  worldOf,
  type Failure,
  type KataScenario,
  type KataVerdict,
  type PolicyKind,
  type Query,
  type Scenario,
  type ScenarioVerdict,
  type Tape,
} from '../../engine/index.ts';
import { LIMITS } from '../../engine/sandbox/guard.ts';
import type { Instrumented, Judge, RequestRows, Run, ToldCall } from '../../engine/worker/judge.ts';
import { doInFrame, type Ending, SandboxError, warmFrame } from './frame.ts';
import { typescript } from './language.ts';
import { openSimulation, type SimulationHandle } from './simulation.ts';
import { Trusted } from './trusted.ts';

export type { RequestRows, ToldCall } from '../../engine/worker/judge.ts';

export interface RunRequest {
  /** Its slug. */
  readonly kata: string;
  readonly source: string;
  readonly suite: 'visible' | 'hidden' | 'both';
  /** Of the suite only these; absent: all. */
  readonly worlds?: readonly Pick<ScenarioVerdict, 'suite' | 'number'>[];
  /** Another run follows at once. */
  readonly another?: boolean;
  /** Draws the hidden worlds and their seeds; absent: a fresh one. An attempt that failed can be repeated. */
  readonly attempt?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly scenario: number; readonly of: number }) => void;
}

const judge = new Trusted<Judge>(
  'The Judge',
  () => new Worker(new URL('./judge-worker.ts', import.meta.url), { type: 'module' }),
);

/** Starts what a run of this kata will need. For when a page has nothing else to do. */
export async function prepare(kata: string): Promise<void> {
  warmFrame();
  const { policy, scenarios } = await judge.ask((session) => session.kata(kata));
  const [first] = scenarios;
  if (first) warmFrame({ kind: policy, scenario: first.scenario });
  await typescript.ask((language) => language.diagnostics('', policy));
}

/**
 * Grades a learner's code. Whatever the code does ends in a verdict; hidden scenarios get fresh seeds each time. Rejects with an AbortError when
 * `signal` stops it, and never otherwise.
 */
export function runKata(request: RunRequest): Promise<KataVerdict> {
  return grade(request, compileFailure);
}

/**
 * The same for code that TypeScript has not looked at. No page does this: the sandbox must hold without TypeScript's help, and the attack suite shows
 * that it does.
 */
export function runUnchecked(request: RunRequest): Promise<KataVerdict> {
  return grade(request, () => Promise.resolve(undefined));
}

async function grade(
  {
    kata,
    source,
    suite,
    worlds,
    another = false,
    attempt: number = freshSeed(),
    signal = NEVER,
    onProgress,
  }: RunRequest,
  compile: typeof compileFailure,
): Promise<KataVerdict> {
  try {
    const { policy, scenarios } = await judge.ask((session) => session.kata(kata));
    const failure = await compile(source, policy);
    if (failure) return { kata, passed: false, scenarios: [], failure, log: [] };
    const tests = scenarios
      .map((test, index) => ({
        test,
        index,
        seed: test.suite === 'visible' ? test.scenario.seed : seedIn(number, test),
      }))
      .filter(({ test }) => suite === 'both' || test.suite === suite)
      .filter(
        ({ test }) => worlds?.some(({ suite, number }) => suite === test.suite && number === test.number) ?? true,
      );
    const attempt = new Attempt(kata, policy, source, tests, { signal, another });
    await attempt.run((done) => onProgress?.({ scenario: done, of: tests.length }));
    return { ...(await attempt.verdict()), attempt: number };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    return { kata, passed: false, scenarios: [], failure: ourFault(error), log: [] };
  }
}

/** Where learner code ran: the world of a verdict, to the end of its tape. Rejects with an Error if it left none. */
export async function playedWorld(kata: string, verdict: ScenarioVerdict): Promise<{ scenario: Scenario; tape: Tape }> {
  const { scenarios } = await judge.ask((session) => session.kata(kata));
  const test = scenarios.find(({ suite, number }) => suite === verdict.suite && number === verdict.number);
  if (test === undefined) throw new Error(`The kata ${kata} has no scenario "${verdict.title}" any more.`);
  const { tape, brokenOffUs: durationUs = test.scenario.durationUs } = verdict;
  if (tape === undefined || durationUs === 0) throw new Error('The run ended before the first decision.');
  return { scenario: { ...worldOf(test, verdict.seed), durationUs }, tape };
}

/** The learner's run of one scenario, to look at: the same bytes, replayed from the tape. Rejects with an Error if it left none. */
export async function openReplay(
  kata: string,
  verdict: ScenarioVerdict,
): Promise<{ simulation: SimulationHandle; scenario: Scenario }> {
  const { scenario, tape } = await playedWorld(kata, verdict);
  return { simulation: await openSimulation({ scenario, seed: verdict.seed, tape }), scenario };
}

/** What the learner's policies were asked and answered in that run. */
export async function callsOf(
  kata: string,
  verdict: ScenarioVerdict,
): Promise<{ readonly scenario: Scenario; readonly calls: readonly ToldCall[] }> {
  const { scenario, tape } = await playedWorld(kata, verdict);
  const { seed } = verdict;
  return { scenario, calls: await judge.ask((session) => session.calls({ kata, scenario, seed, tape })) };
}

/** The same of the scenario's own policies, which are the reference. */
export function referenceCalls(kata: string, scenario: Scenario, seed: number): Promise<readonly ToldCall[]> {
  return judge.ask((session) => session.calls({ kata, scenario, seed, tape: {} }));
}

/** Numbers of a run that left a tape, or without one of the run of the scenario's own policies. */
export function measured(
  scenario: Scenario,
  seed: number,
  tape: Tape | undefined,
  queries: readonly Query[],
): Promise<readonly number[]> {
  return judge.ask((session) => session.measured({ scenario, seed, tape: tape ?? {} }, queries));
}

/** How each request of such a run went. */
export function requestsOf(scenario: Scenario, seed: number, tape: Tape = {}): Promise<RequestRows> {
  return judge.ask((session) => session.requests({ scenario, seed, tape }));
}

/** The smallest world found in which the learner's code fails in the same way, and its run there, to look at. */
export interface TwinRun {
  readonly scenario: Scenario;
  readonly verdict: ScenarioVerdict;
  /** How many requests reached the balancer. */
  readonly requests: number;
  readonly open: () => Promise<SimulationHandle>;
  readonly calls: () => Promise<readonly ToldCall[]>;
}

export interface ShrinkOptions {
  readonly signal?: AbortSignal;
  /** Hears how many worlds have been tried. */
  readonly onTried?: (worlds: number) => void;
}

/**
 * Shrinks a failure: runs the code again and again in smaller worlds, in the sandbox. Undefined where it does not fail any more, or never came to an end.
 * Rejects with an AbortError when `signal` stops it.
 */
export async function shrinkFailure(
  kata: string,
  source: string,
  { suite, number, seed, failure }: ScenarioVerdict,
  { signal = NEVER, onTried }: ShrinkOptions = {},
): Promise<TwinRun | undefined> {
  const { policy, scenarios } = await judge.ask((session) => session.kata(kata));
  const test = scenarios.findIndex((one) => one.suite === suite && one.number === number);
  if (test === -1 || failure === undefined) return undefined;
  const code = await typescript.ask((language) => language.instrument(source, { marks: false }));

  async function tryIn(worlds: readonly Scenario[]): Promise<readonly (ScenarioVerdict | undefined)[]> {
    const verdicts = new Map<number, Promise<ScenarioVerdict>>();
    const tests = worlds.map((scenario) => ({ scenario, seed }));
    await doInFrame(
      { run: (runs += 1), kind: policy, code, limits: LIMITS, marksFrom: 0, tests },
      ({ test: place, result: run }) => {
        const submission = { kata, test, seed, run, insertions: code.insertions, world: worlds[place]! };
        verdicts.set(
          place,
          judge.ask((session) => session.judge(submission)),
        );
      },
      signal,
    );
    return Promise.all(worlds.map(async (_, place) => await verdicts.get(place)));
  }

  let tried = 0;
  const trial = async (worlds: readonly Scenario[]) => {
    const verdicts = await tryIn(worlds);
    onTried?.((tried += worlds.length));
    return verdicts.map((verdict) => verdict?.failure);
  };
  const { scenario: smallest } = await shrink(worldOf(scenarios[test]!, seed), failure, trial);
  const [verdict] = await tryIn([smallest]);
  const tape = verdict?.tape;
  if (verdict?.failure === undefined || tape === undefined) return undefined;
  const { brokenOffUs: durationUs = smallest.durationUs } = verdict;
  const scenario = { ...smallest, durationUs };
  const open = (): Promise<SimulationHandle> => openSimulation({ scenario, seed, tape });
  const calls = () => judge.ask((session) => session.calls({ kata, scenario, seed, tape }));
  return { scenario, verdict, requests: await requestsIn(await open(), durationUs), open, calls };
}

async function requestsIn(simulation: SimulationHandle, durationUs: number): Promise<number> {
  await simulation.seek(durationUs);
  const events = await simulation.events(0, durationUs);
  simulation.close();
  let requests = 0;
  for (let at = 0; at < events.length; at += EVENT.stride) {
    if (events[at + EVENT.kind] === EVENT_KIND.arrived) requests += 1;
  }
  return requests;
}

interface Test {
  readonly test: KataScenario;
  /** Among the kata's scenarios. */
  readonly index: number;
  readonly seed: number;
}

/** One run of a learner's code through some tests. */
class Attempt {
  readonly #kata: string;
  readonly #policy: PolicyKind;
  readonly #source: string;
  readonly #tests: readonly Test[];
  readonly #how: { readonly signal: AbortSignal; readonly another: boolean };
  readonly #verdicts = new Map<number, Promise<ScenarioVerdict>>();
  readonly #log: string[] = [];
  #done = 0;
  /** Tests before this one have a verdict. */
  #next = 0;

  constructor(
    kata: string,
    policy: PolicyKind,
    source: string,
    tests: readonly Test[],
    how: { readonly signal: AbortSignal; readonly another: boolean },
  ) {
    this.#kata = kata;
    this.#policy = policy;
    this.#source = source;
    this.#tests = tests;
    this.#how = how;
  }

  /**
   * Runs the tests in order. Code that falls silent is run once more from that test on, with a marker before each statement: that finds the line, and
   * forgives a machine that was only busy.
   */
  async run(onDone: (done: number) => void): Promise<void> {
    for (let marksFrom: number | undefined; this.#next < this.#tests.length;) {
      const ending = await this.#runFrom(this.#next, marksFrom, onDone);
      if (ending.kind === 'done') return;
      if (ending.kind === 'silent' && marksFrom === undefined) {
        marksFrom = ending.decision;
        continue;
      }
      this.#fail(failureOf(ending, this.#tests[this.#next]!.test));
      return;
    }
  }

  async verdict(): Promise<KataVerdict> {
    const scenarios = await Promise.all(
      this.#tests.map(async ({ test, seed }, place) => (await this.#verdicts.get(place)) ?? unfinished(test, seed)),
    );
    const passed = scenarios.length > 0 && scenarios.every(({ status }) => status === 'passed');
    return { kata: this.#kata, passed, scenarios, log: this.#log.slice(0, MOST_LINES) };
  }

  async #runFrom(first: number, marksFrom: number | undefined, onDone: (done: number) => void): Promise<Ending> {
    const marks = marksFrom !== undefined;
    const code = await typescript.ask((language) => language.instrument(this.#source, { marks }));
    const tests = this.#tests.slice(first).map(({ test, seed }) => ({ scenario: worldOf(test, seed), seed }));
    const job = { run: (runs += 1), kind: this.#policy, code, limits: LIMITS, marksFrom: marksFrom ?? 0, tests };
    return doInFrame(
      job,
      ({ test, result, log }) => {
        this.#log.push(...log);
        this.#next = first + test + 1;
        const verdict = this.#judge(first + test, result, code.insertions);
        this.#verdicts.set(first + test, verdict);
        void verdict.then(() => onDone((this.#done += 1)));
      },
      this.#how.signal,
      this.#how,
    );
  }

  async #judge(place: number, run: Run, insertions: Instrumented['insertions']): Promise<ScenarioVerdict> {
    const { test, index, seed } = this.#tests[place]!;
    try {
      return await judge.ask((session) => session.judge({ kata: this.#kata, test: index, seed, run, insertions }));
    } catch (error) {
      return unfinished(test, seed, ourFault(error));
    }
  }

  #fail(failure: Failure): void {
    const { test, seed } = this.#tests[this.#next]!;
    this.#verdicts.set(this.#next, Promise.resolve(unfinished(test, seed, failure)));
  }
}

/** The verdict on a scenario that came to no end: `failure` says why; without one it was not run at all. */
function unfinished(
  { suite, number, scenario: { name, title } }: KataScenario,
  seed: number,
  failure?: Failure,
): ScenarioVerdict {
  const named = { suite, number, name, title, seed };
  return failure ? { ...named, status: 'failed', failure } : { ...named, status: 'not-run' };
}

let runs = 0;
const MOST_LINES = 200;
const NEVER = new AbortController().signal;

function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

async function compileFailure(source: string, policy: PolicyKind): Promise<Failure | undefined> {
  if (source.length > LONGEST_SOURCE) {
    return { kind: 'does-not-compile', title: 'Does not compile: the file is too long', message: TOO_LONG };
  }
  const diagnostics = await typescript.ask((language) => language.diagnostics(source, policy));
  const first = diagnostics.find(({ severity }) => severity === 'error');
  if (first === undefined) return undefined;
  const { line, column, message } = first;
  return { kind: 'does-not-compile', title: `Does not compile: line ${line}`, message, line, column };
}

const LONGEST_SOURCE = 64_000;
const TOO_LONG = `It has more than ${LONGEST_SOURCE} characters. A policy needs a few dozen lines: take out what is not needed.`;

/** Why a test came to no end. */
function failureOf(ending: Exclude<Ending, { kind: 'done' }>, { scenario }: KataScenario): Failure {
  const where = `in "${scenario.title}"`;
  switch (ending.kind) {
    case 'silent': {
      const line = ending.line > 0 ? { line: ending.line } : {};
      const at = ending.line > 0 ? `Look at line ${ending.line}` : 'Look';
      return ending.alive
        ? {
            kind: 'too-long',
            title: 'Ran too long: your code stopped answering',
            message: `Nothing happened for a second ${where}, and the loops kept within their limit. ${at} for a slow regular expression, a huge sort, or a list or a Map that grows and is never emptied.`,
            ...line,
          }
        : {
            kind: 'too-much-memory',
            title: 'Too much memory: the sandbox was lost',
            message: `It ran out of memory ${where} and was started again; your code is safe. ${at} for a list or a text that grows without end.`,
            ...line,
          };
    }
    case 'overtime':
      return {
        kind: 'too-long',
        title: 'Ran too long: the run was stopped after 30 s',
        message: `It was still at work ${where}. Each single decision kept within its limit: make all of them cheaper.`,
      };
    case 'unreadable':
      return ourFault(new SandboxError('The sandbox answered something that cannot be read.'));
  }
}

function ourFault(error: unknown): Failure {
  const detail = error instanceof Error ? error.message : String(error);
  return {
    kind: 'engine-fault',
    title: 'Our fault: the run could not be graded',
    message: `Your code is not to blame and is safe. Reload the page and run it again; if it happens again, please report this: ${detail}`,
  };
}
