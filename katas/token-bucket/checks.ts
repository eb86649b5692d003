import { admittedWithin, costPerDecisionBelow, refusedUntil } from 'ballast';
import type { Check } from 'ballast';

// Twenty steps are several times what a bucket needs, also one of many small functions; a loop over the time that has passed, or over past requests, takes more.
export const checks: readonly Check[] = [admittedWithin(), refusedUntil(), costPerDecisionBelow({ steps: 20 })];
