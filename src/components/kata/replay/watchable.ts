import type { Scenario, ScenarioVerdict } from '../../../../engine/index.ts';
import type { ToldCall, TwinRun } from '../../../bridge/kata.ts';
import type { SimulationHandle } from '../../../bridge/simulation.ts';

/** A run of the learner's code that can be watched. */
export interface Watchable {
  readonly verdict: ScenarioVerdict;
  /** What it is a replay of. */
  readonly name: string;
  readonly open: () => Promise<{ readonly simulation: SimulationHandle; readonly scenario: Scenario }>;
  readonly calls: () => Promise<{ readonly scenario: Scenario; readonly calls: readonly ToldCall[] }>;
}

/** The run behind a verdict. */
export function scenarioRun(kata: string, verdict: ScenarioVerdict): Watchable {
  return {
    verdict,
    name: verdict.title,
    async open() {
      const { openReplay } = await import('../../../bridge/kata.ts');
      return openReplay(kata, verdict);
    },
    async calls() {
      const { callsOf } = await import('../../../bridge/kata.ts');
      return callsOf(kata, verdict);
    },
  };
}

/** The run in the smallest world that fails in the same way. */
export function twinRun({ scenario, verdict, open, calls }: TwinRun): Watchable {
  return {
    verdict,
    name: 'of the smallest world',
    open: async () => ({ simulation: await open(), scenario }),
    calls: async () => ({ scenario, calls: await calls() }),
  };
}
