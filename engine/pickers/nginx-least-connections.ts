/**
 * Least connections as nginx has it (`least_conn`): the smallest requests in flight / weight; only a tie turns the smooth weighted round robin, and only among the
 * tied. Requests that pile up on equal backends go 1 2 3 3 2 1 1 2 3: a snake.
 *
 * A backend that this request was already sent to is left out; if none is left, it declines.
 *
 * Cost: O(n) a pick by nature (nginx scans, twice for a tie); O(n) a change of the pool; two numbers a backend.
 *
 * Fails when: as least connections; and each worker process without a shared zone counts only its own requests. After a reload all begin with the first peer
 * (ingress-nginx, issue 1780).
 *
 * Source: nginx, ngx_http_upstream_least_conn_module.c; recorded picks in test/conformance. Failures do not lower weights here. (DECISIONS.md, 11)
 */
import type { Backend, Picker } from '../core/policy.ts';
import { NginxTies } from './nginx-ties.ts';

export function nginxLeastConnections(): Picker {
  const ties = new NginxTies();
  return {
    onPoolChange: (backends) => ties.reset(backends),
    pick: (backends, { tried }) => backends[ties.choose(backends, tried, inFlight)],
  };
}

function inFlight(backend: Backend): number {
  return backend.inFlight;
}
