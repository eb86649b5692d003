import {
  costPerDecisionBelow,
  ejectionGrows,
  ejectsAtMost,
  ejectsOnly,
  noWorseThanReference,
  returnsWithin,
} from 'ballast';
import type { Check } from 'ballast';

const SWEEP_US = 1_000_000;
const BASE_US = 2_000_000;

export const checks: readonly Check[] = [
  ejectsOnly(),
  ejectsAtMost(1 / 3),
  ejectionGrows({ baseUs: BASE_US, slackUs: SWEEP_US }),
  // No scenario keeps a backend broken for so long that it is ejected five times.
  returnsWithin(5 * BASE_US),
  // The reference sweeps as often: what differs is a sweep earlier or later for each ejection, of a sixth of the traffic.
  noWorseThanReference({ metric: 'failed', factor: 1.25, slack: 60 }),
  // A few steps an answer, and a sweep now and then that looks at all.
  costPerDecisionBelow({ steps: 40 }),
];
