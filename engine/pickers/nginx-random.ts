/**
 * Random as nginx has it (`random`): a draw by weight. A backend that this request was already sent to is drawn again, 20 times in all; then smooth weighted
 * round robin takes over.
 *
 * Cost: O(log n) a pick (binary search over cumulative weights), O(n) a change of the pool, two numbers a backend.
 *
 * Fails when: as random: chance piles up, and no load is looked at.
 *
 * Source: nginx, ngx_http_upstream_random_module.c.
 */
import type { Picker } from '../core/policy.ts';
import { NginxTies } from './nginx-ties.ts';
import { WeightedDraw } from './weighted-draw.ts';

export const NGINX_RANDOM_TRIES = 20;

export function nginxRandom(): Picker {
  const byWeight = new WeightedDraw();
  const turns = new NginxTies();
  return {
    onPoolChange(backends) {
      byWeight.reset(backends);
      turns.reset(backends);
    },
    pick(backends, { tried }, { rng }) {
      if (backends.length > 1) {
        for (let tries = 0; tries <= NGINX_RANDOM_TRIES; tries += 1) {
          const backend = backends[byWeight.draw(rng)]!;
          if (tried.length === 0 || !tried.includes(backend)) return backend;
        }
      }
      return backends[turns.rotate(backends, tried)];
    },
  };
}
