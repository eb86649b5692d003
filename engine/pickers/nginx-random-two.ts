/**
 * The better of two as nginx has it (`random two least_conn`): two different backends drawn by weight, the one with fewer requests in flight / weight; on a tie the second.
 * A draw that repeats the first, or a backend that this request was already sent to, costs one of 20 tries; then smooth weighted round robin takes over.
 *
 * Cost: O(log n) a draw, O(n) a change of the pool, two numbers a backend.
 *
 * Fails when: one weight outweighs all others: the second is hard to find, and the fallback looks at no load. Otherwise as power-of-two-choices.
 *
 * Source: nginx, ngx_http_upstream_random_module.c.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { NGINX_RANDOM_TRIES } from './nginx-random.ts';
import { NginxTies } from './nginx-ties.ts';
import { WeightedDraw } from './weighted-draw.ts';

export function nginxRandomTwo(): Picker {
  const byWeight = new WeightedDraw();
  const turns = new NginxTies();
  return {
    onPoolChange(backends) {
      byWeight.reset(backends);
      turns.reset(backends);
    },
    pick(backends, { tried }, { rng }) {
      let first: Backend | undefined;
      for (let tries = 0; backends.length > 1 && tries <= NGINX_RANDOM_TRIES;) {
        const backend = backends[byWeight.draw(rng)]!;
        if (backend === first || (tried.length > 0 && tried.includes(backend))) tries += 1;
        else if (first !== undefined) return busier(backend, first) ? first : backend;
        else {
          first = backend;
          tries += 1;
        }
      }
      return backends[turns.rotate(backends, tried)];
    },
  };
}

function busier(one: Backend, other: Backend): boolean {
  return one.inFlight * other.weight > other.inFlight * one.weight;
}
