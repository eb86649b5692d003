import { breachAt } from '../breach.ts';
import type { Check } from '../check.ts';

export interface Budget {
  /** Steps that a decision may take, on average over the run. */
  readonly steps: number;
  /** And so many more for each backend: 0 unless said, so that looking at all of them is too dear in a large pool. */
  readonly perBackend?: number;
}

/**
 * A decision takes few steps: calls of functions and turns of loops, counted by the guards and so the same on every machine. Give a kata a small and a
 * large world: what grows with the number of backends shows in the second.
 */
export function costPerDecisionBelow({ steps, perBackend = 0 }: Budget): Check {
  return {
    watch: (scenario, report) => ({
      end({ stepsPerDecision }) {
        const backends = Math.max(...scenario.pools.map((pool) => pool.backends.length));
        const most = steps + perBackend * backends;
        if (stepsPerDecision === undefined || stepsPerDecision <= most) return;
        const growth =
          perBackend === 0 && stepsPerDecision > backends
            ? ` With ${backends} backends it looks at all of them: keep ready what a decision needs, and mend it when something changes.`
            : '';
        report(
          breachAt(
            { decision: 0, atUs: 0 },
            {
              title: 'a decision takes too many steps',
              chose: `${stepsPerDecision.toFixed(1)} steps for a decision, with ${backends} backends`,
              better: `at most ${most}${perBackend === 0 ? ', whatever the number of backends' : ''}`,
              cost: () => `Each step is work on every request.${growth}`,
            },
          ),
        );
      },
    }),
  };
}
