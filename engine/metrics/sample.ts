import { grown } from '../core/columns.ts';

/**
 * All durations of a measurement, one by one: mean and percentiles are exact, by nearest rank, at 8 bytes a value. Where that is too much, and an error of
 * 0.4 % is not, there is the histogram.
 *
 * The sum of whole microseconds is exact up to 2^53: nine million requests of a thousand seconds each.
 */
export class Sample {
  #values = new Float64Array(1024);
  #count = 0;
  #sum = 0;
  #sorted = true;

  get count(): number {
    return this.#count;
  }

  /** NaN while empty. */
  get mean(): number {
    return this.#sum / this.#count;
  }

  record(valueUs: number): void {
    if (this.#count === this.#values.length) this.#values = grown(this.#values);
    this.#values[this.#count] = valueUs;
    this.#count += 1;
    this.#sum += valueUs;
    this.#sorted = false;
  }

  /**
   * As `record`, and with it the requests that should have been sent every `everyUs` while this one kept its client waiting: `everyUs` less each, down to one interval.
   * Without them a client that waits for its answers measures a stall once. (HdrHistogram: recordValueWithExpectedInterval.)
   */
  recordPlanned(valueUs: number, everyUs: number): void {
    this.record(valueUs);
    for (let missedUs = valueUs - everyUs; missedUs >= everyUs; missedUs -= everyUs) this.record(missedUs);
  }

  /** The smallest value that at least `percent` per cent of all do not exceed; NaN while empty. */
  quantile(percent: number): number {
    const values = this.#values.subarray(0, this.#count);
    if (!this.#sorted) values.sort();
    this.#sorted = true;
    return nearestRank(values, percent);
  }
}

/** Of values in ascending order; NaN if there are none. */
export function nearestRank(sorted: Float64Array, percent: number): number {
  return sorted.length === 0 ? NaN : sorted[Math.max(1, Math.ceil((percent * sorted.length) / 100)) - 1]!;
}
