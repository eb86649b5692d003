/**
 * Power of two choices: draw two different backends, take the one with the smaller load; on a tie, the one drawn first. Options: more `choices` than two, any
 * `metric` instead of requests in flight, `sampling` that may repeat a backend, draws by weight (`weighted`: loads are then divided by weight, too).
 *
 * The second draw is from the n - 1 others: an index at or above the first moves up by one, which makes every pair equally likely. So the
 * busiest backend, if there is just one, is never chosen. Drawn with replacement, as Envoy does, it still is with probability 1 / n^2. (DECISIONS.md, 10)
 *
 * Cost: O(1) a pick with two draws, no rebuild, no memory beyond the metric's; weighted: O(log n) a draw, O(n) a change of the pool.
 *
 * Fails when: the pool is large and quiet: most pairs tie at 0 and it is plain random. Like least connections it takes fast errors for speed. With as many choices
 * as backends it is least connections, herding included.
 *
 * Source: Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 12(10), 2001: the fullest of n backends falls from
 * about ln n / ln ln n to about log2 ln n. Finagle's P2C draws the same pairs.
 *
 * Real systems: Envoy LEAST_REQUEST and gRPC least_request draw with replacement (gRPC A48). Traefik moves a repeated draw to the next index,
 * which doubles the chance of neighbours. nginx `random two least_conn` draws distinct ones by weight. HAProxy's default is two draws on its ring.
 */
import type { Backend, Context, Picker, Rng } from '../core/policy.ts';
import { loadMetric } from './load/load-metrics.ts';
import type { MetricOptions } from './load/load-metrics.ts';
import { WeightedDraw } from './weighted-draw.ts';

export interface ChoicesOptions extends MetricOptions {
  readonly choices?: number;
  readonly sampling?: 'distinct' | 'repeated';
  readonly weighted?: boolean;
}

/** By weight, a repeated draw is made again so often at most: one heavy backend can make a second one rare. (nginx: 20 tries) */
const TRIES = 20;

export function powerOfTwoChoices({
  choices = 2,
  sampling = 'distinct',
  weighted = false,
  metric = 'in-flight',
  ...options
}: ChoicesOptions = {}): Picker {
  const measured = loadMetric(metric, options);
  const byWeight = new WeightedDraw();
  /** The indices drawn for this pick, so many as `taken` says; for distinct uniform draws, sorted. Kept from pick to pick: a new list for each costs more than the draws. */
  const drawn = new Array<number>(choices).fill(-1);
  let taken = 0;

  function draw(rng: Rng, size: number): number {
    if (weighted) return sampling === 'distinct' ? otherByWeight(rng) : byWeight.draw(rng);
    return sampling === 'distinct' ? other(rng, size) : rng.int(size);
  }

  /** One of those not yet drawn, each as likely: counts past the earlier ones. */
  function other(rng: Rng, size: number): number {
    let index = rng.int(size - taken);
    let at = 0;
    while (at < taken && drawn[at]! <= index) {
      index += 1;
      at += 1;
    }
    for (let to = taken; to > at; to -= 1) drawn[to] = drawn[to - 1]!;
    drawn[at] = index;
    taken += 1;
    return index;
  }

  function otherByWeight(rng: Rng): number {
    let index = byWeight.draw(rng);
    for (let tries = 1; tries < TRIES && isTaken(index); tries += 1) index = byWeight.draw(rng);
    drawn[taken] = index;
    taken += 1;
    return index;
  }

  function isTaken(index: number): boolean {
    const at = drawn.indexOf(index);
    return at !== -1 && at < taken;
  }

  function loadOf(backend: Backend, ctx: Context): number {
    const load = measured.load(backend, ctx);
    return weighted ? load / backend.weight : load;
  }

  const hooks = {
    ...(measured.onRequestStart && { onRequestStart: measured.onRequestStart.bind(measured) }),
    ...(measured.onRequestEnd && { onRequestEnd: measured.onRequestEnd.bind(measured) }),
  };

  return {
    onPoolChange(backends, ctx) {
      measured.onPoolChange?.(backends, ctx);
      if (weighted) byWeight.reset(backends);
    },
    pick(backends, _request, ctx) {
      const size = backends.length;
      const draws = sampling === 'distinct' ? Math.min(choices, size) : choices;
      taken = 0;
      let best = backends[draw(ctx.rng, size)]!;
      if (draws === 1) return best;
      let least = loadOf(best, ctx);
      for (let count = 1; count < draws; count += 1) {
        const backend = backends[draw(ctx.rng, size)]!;
        const load = loadOf(backend, ctx);
        if (load >= least) continue;
        best = backend;
        least = load;
      }
      return best;
    },
    ...hooks,
  };
}
