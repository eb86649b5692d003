import type { Backend, Health, HealthSignal, Request } from '../core/policy.ts';
import type { Query } from '../metrics/measure.ts';
import type { Scenario } from '../world/scenario.ts';

/**
 * A check says what must hold in a run. It watches the replay decision by decision and reports each decision that breaks its rule; it sees
 * the world as the engine counts it, never what the learner's code said about itself.
 */
export interface Check {
  /** Begins anew for each run. */
  watch(scenario: Scenario, report: Report): Watcher;
}

/** The calls a check wants. */
export interface Watcher {
  pick?(seen: SeenPick): void;
  poolChange?(pool: string, backends: readonly Backend[]): void;
  health?(seen: SeenHealth): void;
  /** The run is over: for what only the whole shows. */
  end?(): void;
}

/** One pick, at its moment: the backends' counts are those the picker saw. */
export interface SeenPick {
  /** Counts the picks of the run from 0. */
  readonly decision: number;
  readonly atUs: number;
  readonly pool: string;
  readonly backends: readonly Backend[];
  readonly request: Request;
  /** `undefined`: declined. */
  readonly chose: Backend | undefined;
}

/** One answer about a backend's health. */
export interface SeenHealth {
  /** Counts the signals of the run from 0. */
  readonly decision: number;
  readonly atUs: number;
  readonly pool: string;
  readonly backend: Backend;
  readonly signal: HealthSignal;
  readonly answered: Health | undefined;
}

export type Report = (breach: Breach) => void;

/** One decision that breaks a rule. */
export interface Breach {
  /** What rule, in one line and without numbers: equal mistakes carry equal titles. */
  readonly title: string;
  readonly decision: number;
  readonly atUs: number;
  /** 0 where no request was being decided. */
  readonly request: number;
  readonly chose: string;
  readonly better: string;
  readonly backends?: { readonly chose?: string; readonly better?: string };
  /** What it led to, asked when the run is over. */
  cost(runs: Runs): string;
}

/** The learner's run, and the run of the reference policy: the same world, the same seed. */
export interface Runs {
  readonly yours: (query: Query) => number;
  readonly reference: (query: Query) => number;
}
