import type { Backend, Context, Policies, PoolPolicies } from '../core/policy.ts';
import { measure } from '../metrics/measure.ts';
import type { Query } from '../metrics/measure.ts';
import type { Scenario } from '../world/scenario.ts';
import { Simulation } from '../world/simulation.ts';
import type { Breach, Check, Runs, Watcher } from './check.ts';
import { expectUsedUp, hooksOf, mapPools, policiesFromTape } from './tape.ts';
import type { Tape } from './tape.ts';
import type { Failure } from './verdict.ts';

/** One run to be judged. */
export interface Case {
  readonly scenario: Scenario;
  readonly seed: number;
  /** What the learner's code decided. */
  readonly tape: Tape;
  /** Line of the learner's file behind each decision. Hearsay: it is shown, nothing depends on it. */
  readonly lines?: Uint16Array | undefined;
  /** Makes the scenario's own policies, which are the kata's reference. */
  readonly policies: () => Policies;
}

/** What the replay showed. `failure` is absent if every check held. */
export interface Judgement {
  readonly digest: string;
  readonly failure?: Failure;
}

/** So many costly moments are kept for the replay. */
const MOST_MOMENTS = 200;

/**
 * Replays the tape in a world of its own and asks the checks in turn; the first that is broken is the failure. No code of the learner runs here.
 * Throws a TapeError if the tape does not fit the run.
 */
export function judge(checks: readonly Check[], { scenario, seed, tape, lines, policies }: Case): Judgement {
  const breaches = checks.map((): Breach[] => []);
  const watchers = checks.map((check, place) => check.watch(scenario, (breach) => breaches[place]!.push(breach)));

  const taped = policiesFromTape(tape, policies());
  const simulation = new Simulation(scenario, watched(taped.policies, watchers), { seed });
  simulation.runToEnd();
  expectUsedUp(taped.left());
  for (const watcher of watchers) watcher.end?.();

  const digest = simulation.digest();
  const broken = breaches.find((found) => found.length > 0);
  if (broken === undefined) return { digest };
  return { digest, failure: told(broken, runsOf(simulation, scenario, seed, policies), lines) };
}

function told(breaches: readonly Breach[], runs: Runs, lines: Uint16Array | undefined): Failure {
  const [first] = breaches as [Breach];
  const line = lines?.[first.decision];
  return {
    kind: 'wrong-answer',
    title: first.title,
    when: { atUs: first.atUs, request: first.request },
    chose: first.chose,
    better: first.better,
    cost: first.cost(runs),
    ...(first.backends && { backends: first.backends }),
    costlyUs: [...new Set(breaches.map(({ atUs }) => atUs))].slice(0, MOST_MOMENTS),
    ...(line && { line }),
  };
}

/** The reference runs only if somebody asks what it would have done. */
function runsOf(yours: Simulation, scenario: Scenario, seed: number, policies: () => Policies): Runs {
  let reference: Simulation | undefined;
  return {
    yours: (query: Query) => measure(yours.log, query),
    reference(query: Query) {
      if (reference === undefined) {
        reference = new Simulation(scenario, policies(), { seed });
        reference.runToEnd();
      }
      return measure(reference.log, query);
    },
  };
}

/** The same policies, with watchers that are told of each decision right after it. */
function watched(policies: Policies, watchers: readonly Watcher[]): Policies {
  let picks = 0;
  let signals = 0;

  function watchedPool({ picker, health, outlier }: PoolPolicies, pool: string): PoolPolicies {
    return {
      picker: {
        ...hooksOf(picker),
        onPoolChange(backends, ctx) {
          picker.onPoolChange?.(backends, ctx);
          for (const watcher of watchers) watcher.poolChange?.(pool, backends);
        },
        pick(backends, request, ctx) {
          const chose = picker.pick(backends, request, ctx);
          const seen = { decision: picks, atUs: ctx.nowUs, pool, backends, request, chose };
          picks += 1;
          for (const watcher of watchers) watcher.pick?.(seen);
          return chose;
        },
      },
      ...(health && {
        health: {
          observe(backend, signal, ctx) {
            const answered = health.observe(backend, signal, ctx);
            const seen = { decision: signals, atUs: ctx.nowUs, pool, backend, signal, answered };
            signals += 1;
            for (const watcher of watchers) watcher.health?.(seen);
            return answered;
          },
          ...(health.sweep && { sweep: (backends: readonly Backend[], ctx: Context) => health.sweep?.(backends, ctx) }),
        },
      }),
      ...(outlier && { outlier }),
    };
  }

  return mapPools(policies, watchedPool);
}
