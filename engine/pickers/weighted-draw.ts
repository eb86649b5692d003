import type { Backend, Rng } from '../core/policy.ts';

/** Draws an index in proportion to weight: a point on the line of all weights end to end, and a binary search for whose part it is in. O(log n) a draw. */
export class WeightedDraw {
  #starts = new Float64Array(0);
  #total = 0;

  reset(backends: readonly Backend[]): void {
    this.#total = 0;
    this.#starts = Float64Array.from(backends, ({ weight }) => {
      const start = this.#total;
      this.#total += weight;
      return start;
    });
  }

  draw(rng: Rng): number {
    const whole = Number.isInteger(this.#total) && this.#total <= 0x100000000;
    return this.#at(whole ? rng.int(this.#total) : rng.float() * this.#total);
  }

  #at(point: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (point < this.#starts[middle]!) high = middle;
      else low = middle;
    }
    return low;
  }
}
