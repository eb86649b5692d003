import type { Runs } from './check.ts';
import { count, time } from './words.ts';

/**
 * What wrong decisions cost the clients in the end, as a sentence: failed requests if there were more of them, else waiting. Empty where
 * this world forgave them.
 */
export function costToClients(runs: Runs): string {
  const failed = runs.yours({ metric: 'failed' });
  const unavoidable = runs.reference({ metric: 'failed' });
  if (failed > unavoidable) {
    return `${failed} of ${count(runs.yours({ metric: 'count' }), 'request')} failed; with the reference ${unavoidable}.`;
  }
  const p99Us = runs.yours({ metric: 'p99' });
  const referenceUs = runs.reference({ metric: 'p99' });
  if (p99Us <= referenceUs * WORTH_TELLING) return '';
  return `p99 ${time(p99Us)}; with the reference ${time(referenceUs)} (n = ${runs.yours({ metric: 'served' })}).`;
}

/** A tenth is what a learner can see in a chart. */
const WORTH_TELLING = 1.1;
