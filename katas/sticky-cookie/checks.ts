import { costPerDecisionBelow, refusesForged, stickyTo } from 'ballast';
import type { Check } from 'ballast';

export const checks: readonly Check[] = [
  refusesForged('SERVERID'),
  stickyTo({ cookie: 'SERVERID' }),
  // Reading the header and looking through the pool; not through all sessions.
  costPerDecisionBelow({ steps: 40, perBackend: 4 }),
];
