import type { KataVerdict, Query, Scenario, ScenarioVerdict, Tape } from '../../../engine/index.ts';
import { measured, playedWorld, requestsOf, runKata } from '../../bridge/kata.ts';
import { type Arrivals, arrivalsOf } from './arrivals.ts';
import type { Row } from './compared.ts';
import type { KataInfo } from './kata-info.ts';
import { othersOf } from './others.ts';
import { solutionOf } from './solutions.ts';

/** The learner's run of a scenario among those of the solution and of shipped policies: the same world, the same seed. */

/** Runs the solution once through the scenarios of the learner's own attempt. */
export async function runSolution(kata: KataInfo, { attempt }: KataVerdict): Promise<KataVerdict> {
  const source = await solutionOf(kata.slug);
  return runKata({ kata: kata.slug, source, suite: 'both', ...(attempt !== undefined && { attempt }) });
}

/** All rows for one scenario, the lowest p99 first. */
export async function compareIn(kata: KataInfo, yours: ScenarioVerdict, solution: KataVerdict): Promise<Row[]> {
  const { scenario, tape } = await playedWorld(kata.slug, yours);
  const { seed } = yours;
  const theirs = solution.scenarios.find(({ suite, number }) => suite === yours.suite && number === yours.number);
  const runs: { name: string; whose: Row['whose']; world: Scenario; tape?: Tape; steps?: number }[] = [
    { name: 'Yours', whose: 'yours', world: scenario, tape, ...stepsOf(yours) },
    ...(theirs?.tape
      ? [{ name: 'Solution', whose: 'solution' as const, world: scenario, tape: theirs.tape, ...stepsOf(theirs) }]
      : []),
    ...othersOf(kata.policy, scenario)
      .filter(({ shipped }) => shipped)
      .map(({ name, world }) => ({ name, whose: 'shipped' as const, world })),
  ];
  const rows = await Promise.all(
    runs.map(async ({ name, whose, world, tape, steps }) =>
      rowOf(name, whose, steps, await measured(world, seed, tape, queriesOf(world))),
    ),
  );
  return rows.sort((one, other) => one.p99Us - other.p99Us);
}

/** The learner's run request by request, beside round robin's where backends are picked, and the reference's. */
export async function sameArrivals(kata: KataInfo, yours: ScenarioVerdict): Promise<Arrivals> {
  const { scenario, tape } = await playedWorld(kata.slug, yours);
  const others = othersOf(kata.policy, scenario);
  const plain = kata.policy === 'picker' ? others.find(({ id }) => id === 'round-robin') : undefined;
  const runs = await Promise.all(
    [
      { id: 'yours', name: 'you', rows: requestsOf(scenario, yours.seed, tape) } as const,
      ...(plain
        ? [{ id: 'round-robin', name: 'round robin', rows: requestsOf(plain.world, yours.seed) } as const]
        : []),
      { id: 'reference', name: 'the reference', rows: requestsOf(scenario, yours.seed) } as const,
    ].map(async ({ rows, ...run }) => ({ ...run, rows: await rows })),
  );
  return arrivalsOf(runs, yours.failure);
}

function stepsOf({ stepsPerDecision: steps }: ScenarioVerdict): { steps?: number } {
  return steps === undefined ? {} : { steps };
}

function queriesOf({ pools }: Scenario): Query[] {
  const shares = pools.flatMap(({ backends }) =>
    backends.map(({ id }): Query => ({ metric: 'share', backends: [id] })),
  );
  return [{ metric: 'p99' }, { metric: 'served' }, { metric: 'failed' }, { metric: 'peak-in-flight' }, ...shares];
}

function rowOf(
  name: string,
  whose: Row['whose'],
  steps: number | undefined,
  [p99Us = NaN, served = NaN, failed = NaN, peak = NaN, ...shares]: readonly number[],
): Row {
  return { name, whose, p99Us, served, failed, peak, steps, shares: [Math.min(...shares), Math.max(...shares)] };
}
