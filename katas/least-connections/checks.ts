import { costPerDecisionBelow, leastLoaded, neverDeclines, tiesSpread } from 'ballast';
import type { Check } from 'ballast';

export const checks: readonly Check[] = [
  neverDeclines(),
  leastLoaded(),
  tiesSpread(),
  // A few looks at each backend, and sorting; every pair of forty would be 1,600.
  costPerDecisionBelow({ steps: 40, perBackend: 12 }),
];
