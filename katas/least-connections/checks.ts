import { costPerDecisionBelow, equalChance, leastLoaded, neverDeclines, tiesSpread } from 'ballast';
import type { Backend, Check, Scenario } from 'ballast';

/**
 * Where all are level no load decides, and each has the same chance, whatever its weight. Only in worlds where all are as quick as each other and none comes, goes or fails: by turns, a slow
 * one that is level at last has waited for the longest.
 */
const levelChances: Check = {
  watch(scenario, report) {
    if (!isEven(scenario)) return {};
    const chances = equalChance().watch(scenario, report);
    return { ...chances, pick: (seen) => isLevel(seen.backends) && chances.pick?.(seen) };
  },
};

function isEven({ pools, timeline }: Scenario): boolean {
  const kinds = pools.flatMap(({ backends }) =>
    backends.map((backend) => JSON.stringify({ ...backend, id: '', weight: 1 })),
  );
  return timeline.length === 0 && new Set(kinds).size === 1;
}

function isLevel(backends: readonly Backend[]): boolean {
  return backends.every(({ inFlight }) => inFlight === backends[0]!.inFlight);
}

export const checks: readonly Check[] = [
  neverDeclines(),
  leastLoaded(),
  tiesSpread(),
  levelChances,
  // A few looks at each backend, and sorting; every pair of forty would be 1,600.
  costPerDecisionBelow({ steps: 40, perBackend: 12 }),
];
