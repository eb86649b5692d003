/**
 * Least time as nginx has it (`least_time last_byte`): the smallest time to finish what is under way and one request more, divided by weight; a tie turns the smooth weighted
 * round robin among the tied. The time is a slow average in steps of 20 ms, so similar backends do tie. (load/nginx-response-time.ts)
 *
 * Cost: O(n) a pick by nature; O(n) a change of the pool; four numbers a backend. Option: `idleUs`, nginx's fail_timeout.
 *
 * Fails when: a backend hangs: it never answers, so its average stays good, and only requests piling up in flight speak against it. Errors that come as a response (a fast 500)
 * count as fast; refused connections and timeouts do not count. A cold server counts as 20 ms, the best there is.
 *
 * Source: nginx 1.31, ngx_http_upstream_least_time_module.c. Not done here: mode `header` (an attempt here has one latency) and the option `inflight`.
 */
import type { Picker } from '../core/policy.ts';
import { nginxResponseTime } from './load/nginx-response-time.ts';
import { NginxTies } from './nginx-ties.ts';

export function nginxLeastTime(options: { readonly idleUs?: number } = {}): Picker {
  const ties = new NginxTies();
  const times = nginxResponseTime(options);
  return {
    onPoolChange: (backends) => ties.reset(backends),
    pick(backends, { tried }, ctx) {
      const chosen = backends[ties.choose(backends, tried, (backend) => times.timeMs(backend, ctx))];
      if (chosen !== undefined) times.chosen(chosen, ctx);
      return chosen;
    },
    onRequestEnd: (backend, request, outcome, ctx) => times.onRequestEnd?.(backend, request, outcome, ctx),
  };
}
