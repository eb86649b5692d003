import { costPerDecisionBelow, equalChance, leastLoaded, neverDeclines, tiesSpread } from 'ballast';
import type { Check, Scenario } from 'ballast';

/** Where all backends are as quick as each other and none comes, goes or fails, least connections gives each the same share, whatever its weight. */
const equalShares: Check = {
  watch: (scenario, report) => (isEven(scenario) ? equalChance().watch(scenario, report) : {}),
};

function isEven({ pools, timeline }: Scenario): boolean {
  const kinds = pools.flatMap(({ backends }) =>
    backends.map((backend) => JSON.stringify({ ...backend, id: '', weight: 1 })),
  );
  return timeline.length === 0 && new Set(kinds).size === 1;
}

export const checks: readonly Check[] = [
  neverDeclines(),
  leastLoaded(),
  tiesSpread(),
  equalShares,
  // A few looks at each backend, and sorting; every pair of forty would be 1,600.
  costPerDecisionBelow({ steps: 40, perBackend: 12 }),
];
