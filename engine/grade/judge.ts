import type { Policies } from '../core/policies.ts';
import { measure } from '../metrics/measure.ts';
import type { Scenario } from '../world/scenario.ts';
import { Simulation } from '../world/simulation.ts';
import type { Breach, Check, Runs } from './check.ts';
import { expectSeed, expectUsedUp, policiesFromTape } from './tape.ts';
import type { Tape } from './tape.ts';
import type { Failure } from './verdict.ts';
import { watched } from './watched.ts';

/** A run whose decisions are on a tape. */
export interface Case {
  readonly scenario: Scenario;
  readonly seed: number;
  /** What the learner's code decided. */
  readonly tape: Tape;
  /** Line of the learner's file behind each decision. Hearsay: it is shown, nothing depends on it. */
  readonly lines?: Uint16Array | undefined;
  /** Guard steps of the learner's code, all decisions together. Hearsay as well. */
  readonly steps?: number | undefined;
  /** Makes the scenario's own policies, which are the kata's reference. */
  readonly policies: () => Policies;
}

/** A run that is judged while it goes on. */
interface Trial {
  readonly scenario: Scenario;
  readonly seed: number;
  /** What decides in it. */
  readonly deciding: Policies;
  /** Asked when the run is over: may say that the policies did not decide as they should have. */
  readonly hearsay: () => Hearsay;
  readonly reference: Runs['reference'];
}

/** What is told of the learner's code, and not seen. */
type Hearsay = Pick<Case, 'lines' | 'steps'>;

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
export function judge(checks: readonly Check[], { scenario, seed, tape, lines, steps, policies }: Case): Judgement {
  expectSeed(tape, seed);
  const taped = policiesFromTape(tape, policies());
  const hearsay = (): Hearsay => {
    expectUsedUp(taped.left());
    return { lines, steps };
  };
  const reference = referenceOf(scenario, seed, policies);
  return judgeRun(checks, { scenario, seed, deciding: taped.policies, hearsay, reference });
}

/** Runs the world with these policies and asks the checks in turn; the first that is broken is the failure. Throws what the policies throw. */
export function judgeRun(checks: readonly Check[], { scenario, seed, deciding, hearsay, reference }: Trial): Judgement {
  const breaches = checks.map((): Breach[] => []);
  const watchers = checks.map((check, place) => check.watch(scenario, (breach) => breaches[place]!.push(breach)));
  let nowUs = (): number => 0;
  const simulation = new Simulation(
    scenario,
    watched(deciding, watchers, () => nowUs()),
    { seed, trace: 'digest' },
  );
  nowUs = () => simulation.nowUs;
  simulation.runToEnd();
  const { lines, steps } = hearsay();
  const runs: Runs = {
    yours: (query) => measure(simulation.log, query),
    reference,
    ...(steps !== undefined && lines !== undefined && lines.length > 0 && { stepsPerDecision: steps / lines.length }),
  };
  for (const watcher of watchers) watcher.end?.(runs);

  const digest = simulation.digest();
  const broken = breaches.find((found) => found.length > 0);
  if (broken === undefined) return { digest };
  return { digest, failure: told(broken, runs, lines) };
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
    ...(first.limitUs !== undefined && { limitUs: first.limitUs }),
    ...(first.backends && { backends: first.backends }),
    costlyUs: [...new Set(breaches.map(({ atUs }) => atUs))].slice(0, MOST_MOMENTS),
    ...(line && { line }),
  };
}

/** What the scenario's own policies come to: they run only if somebody asks, and once. */
export function referenceOf(scenario: Scenario, seed: number, policies: () => Policies): Runs['reference'] {
  let run: Simulation | undefined;
  return (query) => {
    if (run === undefined) {
      run = new Simulation(scenario, policies(), { seed, trace: 'digest' });
      run.runToEnd();
    }
    return measure(run.log, query);
  };
}
