import type { Query } from '../../../engine/index.ts';
import { type Change, askRun, durationUs } from './build.ts';
import { type MeasureFormat, claimProblem, inClaimUnit } from './measured.ts';

type Question = Omit<Query, 'fromUs' | 'toUs'> & {
  /** Times: "8 s". */
  readonly from?: string | number;
  readonly to?: string | number;
};

/** A number of a run, as a lesson asks for it: the run by its scenario's name, times as text. */
export interface Asked extends Change, Question {
  readonly scenario: string;
  /** The number is divided by the same question about another run or other backends. */
  readonly over?: Partial<Question> & Change & { readonly scenario?: string };
}

/** Bounds in the unit the number is written in: ms for times, per cent for shares. */
export interface Claim {
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly between?: readonly [number, number];
}

export function ask({ over, ...asked }: Asked): number {
  const own = answer(asked);
  return over === undefined ? own : own / answer({ ...asked, ...over });
}

function answer({ scenario, seed, set, from, to, ...query }: Omit<Asked, 'over'>): number {
  const times = {
    ...(from !== undefined && { fromUs: durationUs(from) }),
    ...(to !== undefined && { toUs: durationUs(to) }),
  };
  return askRun(scenario, { ...query, ...times }, { seed, set });
}

/** Ends the build when the engine no longer supports what the text says. `where` names the lesson and the component. */
export function holdClaim(
  value: number,
  { metric }: Pick<Query, 'metric'>,
  { atLeast = -Infinity, atMost = Infinity, between = [atLeast, atMost] }: Claim,
  format: MeasureFormat | undefined,
  where: string,
): void {
  const problem = claimProblem(inClaimUnit(value, metric, format), between);
  if (problem === undefined) return;
  throw new Error(
    `${where} ${problem} The engine no longer supports this sentence: change the sentence or the scenario.`,
  );
}
