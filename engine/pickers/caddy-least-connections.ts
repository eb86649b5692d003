/**
 * Least connections as Caddy has it (`least_conn`): one pass over all, the fewest requests in flight; ties are drawn by reservoir sampling.
 *
 * The choice is that of `least-connections`; only the work and the draws differ.
 *
 * Cost: O(n) a pick by nature, and a draw for each tie met on the way; no memory. Fails when: as least connections. Weights are not looked at.
 *
 * Source: Caddy, reverseproxy/selectionpolicies.go. Real systems: Envoy's FULL_SCAN does the same.
 */
import type { Picker } from '../core/policy.ts';
import { leastByScan } from './least-by-scan.ts';

export function caddyLeastConnections(): Picker {
  return { pick: (backends, _request, { rng }) => leastByScan(backends, rng) };
}
