/**
 * Random: each eligible backend with the same probability, whatever came before.
 *
 * Cost: O(1) a pick with one draw, no rebuild, no memory.
 *
 * Fails when: chance piles up. n requests thrown at n backends leave the fullest with about ln n / ln ln n of them, where round robin leaves 1;
 * slow and fast backends get the same share. What it never does is fall into step with other balancers.
 *
 * Source: the balls-into-bins model, Mitzenmacher and Upfal, "Probability and Computing", chapter 5.
 *
 * Real systems: Envoy RANDOM is this one. nginx `random` draws by weight. HAProxy `random` draws a point on its consistent-hash ring, whose
 * arcs are uneven, and takes the less loaded of two such draws by default.
 */
import type { Picker } from '../core/policy.ts';

export function random(): Picker {
  return {
    pick: (backends, _request, ctx) => backends[ctx.rng.int(backends.length)],
  };
}
