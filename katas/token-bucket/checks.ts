import { admittedWithin, costPerDecisionBelow, refusedUntil } from 'ballast';
import type { Check } from 'ballast';

// Ten steps are several times what a bucket needs; a loop over the time that has passed, or over past requests, takes more.
export const checks: readonly Check[] = [admittedWithin(), refusedUntil(), costPerDecisionBelow({ steps: 10 })];
