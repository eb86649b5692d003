/**
 * Smooth weighted round robin: turns in proportion to weight, spread out instead of in blocks. Weights 5, 1, 1 give a a b a c a a.
 *
 * Each backend has a `current`, 0 at first. At each pick every eligible one gains its weight; the first with the largest current is chosen and
 * pays the total of all weights. The currents always add up to 0, and after a period of total / gcd picks, each has been chosen weight / gcd times.
 * A backend that leaves keeps its current, frozen, for when it comes back.
 *
 * Cost: O(n) a pick (that is the definition), O(n) a change of the pool, three numbers a backend.
 *
 * Fails when: many balancers start together, as all begin with the heaviest; and, like round robin, it looks at no load at all. A frozen
 * current can give a returning backend a turn or two more, or less, than its share at first.
 *
 * Source: nginx, ngx_http_upstream_round_robin.c, where it is the default; test/conformance replays recorded picks.
 *
 * Real systems: nginx also lowers a backend's effective weight on a failure and lets it grow back by 1 a pick, a small slow start; here failures
 * are the health policy's business (DECISIONS.md, 11; the whole is nginx-round-robin). HAProxy and Envoy keep the same shares with other orders (a tree of next positions, and earliest deadline
 * first), both O(log n). Caddy hands out the turns in blocks.
 */
import type { Backend, Picker } from '../core/policy.ts';

export function smoothWeightedRoundRobin(): Picker {
  let members: readonly Backend[] = [];
  let weights = new Float64Array(0);
  let currents = new Float64Array(0);
  let total = 0;
  const frozen = new WeakMap<Backend, number>();

  return {
    onPoolChange(backends) {
      members.forEach((backend, i) => frozen.set(backend, currents[i]!));
      members = backends.slice();
      weights = Float64Array.from(members, (backend) => backend.weight);
      currents = Float64Array.from(members, (backend) => frozen.get(backend) ?? 0);
      total = weights.reduce((sum, weight) => sum + weight, 0);
    },
    pick(backends) {
      let best = 0;
      for (let i = 0; i < currents.length; i += 1) {
        currents[i]! += weights[i]!;
        if (currents[i]! > currents[best]!) best = i;
      }
      currents[best]! -= total;
      return backends[best];
    },
  };
}
