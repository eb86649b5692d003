/**
 * In flight: requests sent and not yet ended, as the engine counts them. Weighted: divided by the backend's weight.
 *
 * Cost: O(1), no memory. Fails when: requests differ much in work, or a backend fails fast and so always has few.
 * Real systems: least connections everywhere; nginx and HAProxy divide by weight, AWS ("outstanding requests") and Apache do not.
 */
import type { LoadMetric } from './load-metric.ts';

export function inFlight(): LoadMetric {
  return { load: ({ inFlight }) => inFlight, rank: ({ inFlight }) => inFlight };
}

export function weightedInFlight(): LoadMetric {
  return { load: ({ inFlight, weight }) => inFlight / weight, rank: ({ inFlight, weight }) => inFlight / weight };
}
