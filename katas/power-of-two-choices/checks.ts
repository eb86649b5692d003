import { choicesOf, costPerDecisionBelow, neverDeclines } from 'ballast';
import type { Check } from 'ballast';

// The steps are few and do not grow with the pool: two draws, and one more now and then for who draws again.
export const checks: readonly Check[] = [neverDeclines(), choicesOf(2), costPerDecisionBelow({ steps: 20 })];
