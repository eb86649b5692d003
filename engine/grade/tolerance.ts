import { ln } from '../core/maths.ts';

/**
 * How likely one comparison with chance may fail an honest solution. A submission makes fewer than 1,000 of them, so it is failed by bad luck
 * less than once in a million times (Boole's inequality).
 */
export const BAD_LUCK = 1e-9;

/**
 * The counts that a sum of `n` independent yes-or-no draws with mean `expected` stays within, both included, but for a probability of at most
 * `badLuck` on either side.
 *
 * Chernoff: P(X >= nq) <= exp(-n D(q || p)) for q > p = expected / n, and the same below, with D(q || p) = q ln(q/p) + (1-q) ln((1-q)/(1-p)).
 * Hoeffding (1956) showed that it holds as well when the draws have different probabilities whose sum is `expected`. The q where the bound
 * equals `badLuck` is found by halving; D grows with the distance from p.
 */
export function chanceBounds(n: number, expected: number, badLuck = BAD_LUCK): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 0 };
  const p = expected / n;
  const limit = -ln(badLuck) / n;
  return { low: Math.floor(n * farthest(p, 0, limit)), high: Math.ceil(n * farthest(p, 1, limit)) };
}

/** The q between p and `end` with D(q || p) = limit; `end` if even there D is smaller. */
function farthest(p: number, end: 0 | 1, limit: number): number {
  // What is certain, or impossible, is not up to chance.
  if (p === 0 || p === 1) return p;
  if (divergence(end, p) <= limit) return end;
  let near = p;
  let far: number = end;
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (near + far) / 2;
    if (divergence(middle, p) <= limit) near = middle;
    else far = middle;
  }
  return far;
}

/** D(q || p) in nats; 0 ln 0 is 0. */
function divergence(q: number, p: number): number {
  return term(q, p) + term(1 - q, 1 - p);
}

function term(q: number, p: number): number {
  return q === 0 ? 0 : q * (ln(q) - ln(p));
}
