/**
 * Affinity of a connection: its requests stay with the backend that served the last one, so that the connection behind stays in use. No promise: a backend that drains is left.
 *
 * Cost: O(1) a request. Memory: one entry a connection, up to `size`.
 *
 * Fails when: connections carry very different numbers of requests: as on layer 4, the load follows the connections.
 *
 * Source: HAProxy `option prefer-last-server`.
 *
 * Real systems: with HAProxy's default `http-reuse safe` the option does nothing, since connections to servers are shared and none is the client's last; it works with
 * `http-reuse never`, as recorded.
 */
import type { AffinityPolicy } from '../core/policy.ts';
import { sessionTable } from './session-table.ts';

export interface PreferLastOptions {
  readonly size?: number;
}

export function preferLast({ size = 100_000 }: PreferLastOptions = {}): AffinityPolicy {
  return { ...sessionTable({ by: 'connection', size, expireUs: Infinity }), skipsDraining: true };
}
