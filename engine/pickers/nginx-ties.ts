import type { Backend } from '../core/policy.ts';
import { SmoothTurns } from './smooth-turns.ts';

/**
 * How nginx's least_conn and least_time choose: the smallest `cost` / weight among those not yet tried for this request; if several share it, smooth weighted round
 * robin among these alone. A single best one takes no turn, so the rotation stands still meanwhile.
 */
export class NginxTies {
  readonly #turns = new SmoothTurns();
  #costs = new Float64Array(0);

  reset(backends: readonly Backend[]): void {
    this.#turns.reset(backends);
    this.#costs = new Float64Array(backends.length);
  }

  /** The index of the chosen one; -1: all were tried. */
  choose(backends: readonly Backend[], tried: readonly Backend[], cost: (backend: Backend) => number): number {
    const costs = this.#costs;
    let best = -1;
    let several = false;
    for (let i = 0; i < backends.length; i += 1) {
      costs[i] = tried.length > 0 && tried.includes(backends[i]!) ? Infinity : cost(backends[i]!);
      if (costs[i] === Infinity) continue;
      const by = best < 0 ? -1 : costs[i]! * backends[best]!.weight - costs[best]! * backends[i]!.weight;
      if (by < 0) {
        best = i;
        several = false;
      } else if (by === 0) several = true;
    }
    return several ? this.#amongTied(backends, best) : best;
  }

  /** Smooth weighted round robin over all, whatever their cost: where a random method gives up. */
  rotate(backends: readonly Backend[], tried: readonly Backend[]): number {
    return this.choose(backends, tried, ({ weight }) => weight);
  }

  #amongTied(backends: readonly Backend[], first: number): number {
    const cost = this.#costs[first]!;
    const { weight } = backends[first]!;
    let best = -1;
    let largest = 0;
    for (let i = first; i < backends.length; i += 1) {
      if (this.#costs[i]! * weight !== cost * backends[i]!.weight) continue;
      const current = this.#turns.gain(i);
      if (best >= 0 && current <= largest) continue;
      best = i;
      largest = current;
    }
    this.#turns.pay(best);
    return best;
  }
}
