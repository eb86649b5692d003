/** What a grading run says. Plain data: it crosses from the Judge to the page and into result files. */

import type { Tape } from './tape.ts';

export type FailureKind =
  | 'does-not-compile'
  | 'threw'
  | 'too-long'
  | 'too-much-memory'
  | 'wrong-answer'
  /** Ours, never the learner's. */
  | 'engine-fault';

/** A failure, told in the order of the message template: when, what you chose, what was better, what it cost. */
export interface Failure {
  readonly kind: FailureKind;
  /** One line, for example "Wrong answer: the cycle breaks when a backend leaves". */
  readonly title: string;
  /** What happened and what to try, where the four parts below do not say it. */
  readonly message?: string;
  readonly when?: { readonly atUs: number; readonly request: number };
  readonly chose?: string;
  readonly better?: string;
  readonly cost?: string;
  /** The ids behind `chose` and `better`, for the picture of the replay. */
  readonly backends?: { readonly chose?: string; readonly better?: string };
  /** The longest latency that the check forgives, where it is about latency. */
  readonly limitUs?: number;
  /** When each decision that breaks this check was taken, in order of time; the first is `when.atUs`. Capped at 200. */
  readonly costlyUs?: readonly number[];
  /** In the learner's file, from 1. */
  readonly line?: number;
  readonly column?: number;
}

export interface ScenarioVerdict {
  readonly suite: 'visible' | 'hidden';
  /** From 1 within the suite. */
  readonly number: number;
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  readonly status: 'passed' | 'failed' | 'not-run';
  /** The first check that failed. */
  readonly failure?: Failure;
  /** How long the learner's code took per decision, in guard steps. */
  readonly stepsPerDecision?: number;
  /** Line of the learner's file that returned each decision, 0 where unknown; parallel to the tape. */
  readonly lines?: Uint16Array;
  /** What the learner's code decided. With scenario and seed it replays the run. */
  readonly tape?: Tape;
  /** The learner's code broke the run off at this time: the tape goes no further. */
  readonly brokenOffUs?: number;
}

export interface KataVerdict {
  readonly kata: string;
  readonly passed: boolean;
  readonly scenarios: readonly ScenarioVerdict[];
  /** Names the seeds of all hidden tests of this attempt. */
  readonly attempt?: number;
  /** Set when nothing could run at all (does not compile, engine fault before the first scenario). */
  readonly failure?: Failure;
  /** What learner code wrote with console.log, capped. */
  readonly log: readonly string[];
}
