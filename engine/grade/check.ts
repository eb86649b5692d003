import type { Backend, Health, HealthSignal, Request } from '../core/policy.ts';
import type { Query } from '../metrics/measure.ts';
import type { Scenario } from '../world/scenario.ts';
import type { AnyCall } from './decisions.ts';
import type { PolicyKind, PolicyOf } from './policy-kinds.ts';

/**
 * A check says what must hold in a run. It watches the replay decision by decision and reports each decision that breaks its rule; it sees
 * the world as the engine counts it, never what the learner's code said about itself.
 */
export interface Check {
  /** Begins anew for each run. */
  watch(scenario: Scenario, report: Report): Watcher;
}

/** The calls a check wants: those of pickers and of judges of probes by name, those of all policies by kind and name. */
export interface Watcher {
  pick?(seen: SeenPick): void;
  poolChange?(pool: string, backends: readonly Backend[]): void;
  health?(seen: SeenHealth): void;
  /** Calls of any kind of policy, right after they have answered: `on: { retry: { onFailure({ args: [request], answer }) { … } } }`. */
  readonly on?: Calls;
  /** The run is over: for what only the whole shows. */
  end?(runs: Runs): void;
}

type Calls = {
  readonly [K in PolicyKind]?: {
    readonly [Name in keyof PolicyOf[K]]?: Extract<PolicyOf[K][Name], AnyCall> extends never
      ? never
      : (seen: SeenCall<Extract<PolicyOf[K][Name], AnyCall>>) => void;
  };
};

/** One call of a policy: its arguments are read-only and live, as they were for the policy. */
export interface SeenCall<Call extends AnyCall> {
  /** Counts the answers of this kind of policy from 0; of a hook, which answers nothing, those before it. */
  readonly decision: number;
  readonly atUs: number;
  /** Empty before the pools. */
  readonly pool: string;
  /** The node of a tier; empty for the first or only one. */
  readonly node: string;
  readonly args: Parameters<Call>;
  readonly answer: ReturnType<Call>;
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
  /** Counts the answers about health from 0. */
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
  /** The longest latency that the check forgives, where it is about latency. */
  readonly limitUs?: number;
  readonly backends?: { readonly chose?: string; readonly better?: string };
  /** What it led to, asked when the run is over. */
  cost(runs: Runs): string;
}

/** The learner's run, and the run of the reference policy: the same world, the same seed. */
export interface Runs {
  readonly yours: (query: Query) => number;
  readonly reference: (query: Query) => number;
  /** Guard steps of the learner's code for each decision; undefined where nobody counted. */
  readonly stepsPerDecision?: number | undefined;
}
