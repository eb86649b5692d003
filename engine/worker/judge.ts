import { measure } from '../index.ts';
import type { Check, KataScenario, PolicyKind, Query, Scenario, ScenarioVerdict, Tape } from '../index.ts';
import type { Instrumented } from '../grade/instrumented.ts';
import { revealed } from '../grade/reveal.ts';
import { verdictOf } from '../grade/run.ts';
import type { Run } from '../grade/run.ts';
import { simulate } from '../grade/tape.ts';
import { toldCalls } from '../grade/told-calls.ts';
import type { ToldCall } from '../grade/told-calls.ts';
import type { RequestLog } from '../metrics/request-log.ts';
import { policiesFor } from '../policies-for.ts';

export type { Instrumented } from '../grade/instrumented.ts';
export type { Run } from '../grade/run.ts';
export type { ToldCall } from '../grade/told-calls.ts';

/** A kata as the Judge needs it. */
export interface JudgedKata {
  readonly policy: PolicyKind;
  readonly scenarios: readonly KataScenario[];
  readonly checks: readonly Check[];
}

/** One run to be judged. It came out of the sandbox. */
export interface Submission {
  readonly kata: string;
  /** Index among the kata's scenarios. */
  readonly test: number;
  readonly seed: number;
  readonly run: Run;
  readonly insertions: Instrumented['insertions'];
  /** Instead of the test's own world: a smaller one, made of it. */
  readonly world?: Scenario | undefined;
}

/** A run of learner code, to be looked at. The scenario ends where the tape does. */
export interface Played {
  readonly kata: string;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly tape: Tape;
}

/** How each request of a run went, in the order of arrival: columns of one length. */
export interface RequestRows {
  /** Index of the client. */
  readonly client: Uint16Array;
  readonly sentUs: Float64Array;
  /** The client had the answer or the error, or gave up; NaN where the run ended first. */
  readonly endedUs: Float64Array;
  /** SERVED, or a FAILURE code; 0 where the run ended first. */
  readonly outcome: Uint8Array;
  /** Index in `backends` of the one it was last sent to; -1: none. */
  readonly backend: Int32Array;
  readonly backends: readonly string[];
}

/**
 * The trusted side of grading. It holds the scenarios and the checks, replays tapes and gives verdicts; no code of a learner ever runs in its
 * thread.
 */
export class Judge {
  private readonly load: (kata: string) => Promise<JudgedKata>;

  constructor(load: (kata: string) => Promise<JudgedKata>) {
    this.load = load;
  }

  async kata(slug: string): Promise<Omit<JudgedKata, 'checks'>> {
    const { policy, scenarios } = await this.load(slug);
    return { policy, scenarios };
  }

  async judge({ kata, test, seed, run, insertions, world }: Submission): Promise<ScenarioVerdict> {
    const { scenarios, checks } = await this.load(kata);
    const { suite, number, reveal } = scenarios[test]!;
    const tested = world === undefined ? scenarios[test]! : { suite, number, scenario: world };
    const verdict = verdictOf(run, { checks, test: tested, seed, code: { insertions }, policies: policiesFor });
    return world === undefined ? revealed(verdict, reveal) : verdict;
  }

  /** What the learner's policies were asked and answered in a run, in words. */
  async calls({ kata, scenario, seed, tape }: Played): Promise<readonly ToldCall[]> {
    const { policy } = await this.load(kata);
    return toldCalls(scenario, seed, tape, policiesFor(scenario), policy);
  }

  /** What was measured in a run. A tape without columns: the run of the scenario's own policies. */
  measured({ scenario, seed, tape }: Omit<Played, 'kata'>, queries: readonly Query[]): readonly number[] {
    const { log } = simulate(scenario, seed, tape, policiesFor(scenario));
    return queries.map((query) => measure(log, query));
  }

  /** How the requests of a run went. A tape without columns: the run of the scenario's own policies. */
  requests({ scenario, seed, tape }: Omit<Played, 'kata'>): RequestRows {
    return rowsOf(simulate(scenario, seed, tape, policiesFor(scenario)).log);
  }
}

function rowsOf({ length, client, sentUs, endedUs, outcome, backend, names }: RequestLog): RequestRows {
  return {
    client: client.slice(0, length),
    sentUs: sentUs.slice(0, length),
    endedUs: endedUs.slice(0, length),
    outcome: outcome.slice(0, length),
    backend: backend.slice(0, length),
    backends: [...names.backends],
  };
}
