import { grown } from '../core/columns.ts';
import { Histogram } from './histogram.ts';

/** The latencies of the last `windowUs` before now: those ended at t with now - windowUs < t <= now. O(1) amortised to record. */
export class TrailingWindow {
  readonly #windowUs: number;
  readonly #histogram = new Histogram();
  // A ring of what is in the window, oldest first; capacities are powers of two.
  #atUs = new Float64Array(FIRST_CAPACITY);
  #valueUs = new Float64Array(FIRST_CAPACITY);
  #oldest = 0;

  constructor(windowUs: number) {
    this.#windowUs = windowUs;
  }

  /** `atUs` never goes backwards. */
  record(atUs: number, valueUs: number): void {
    this.#forget(atUs);
    if (this.#histogram.count === this.#atUs.length) this.#grow();
    const place = (this.#oldest + this.#histogram.count) & (this.#atUs.length - 1);
    this.#atUs[place] = atUs;
    this.#valueUs[place] = valueUs;
    this.#histogram.record(valueUs);
  }

  /** The window that ends at `nowUs`, as a histogram to read at once. */
  upTo(nowUs: number): Histogram {
    this.#forget(nowUs);
    return this.#histogram;
  }

  #forget(nowUs: number): void {
    while (this.#histogram.count > 0 && this.#atUs[this.#oldest]! <= nowUs - this.#windowUs) {
      this.#histogram.remove(this.#valueUs[this.#oldest]!);
      this.#oldest = (this.#oldest + 1) & (this.#atUs.length - 1);
    }
  }

  /** Doubles the ring; it is full, so the entries before `oldest` are the newest and move behind the others. */
  #grow(): void {
    const size = this.#atUs.length;
    this.#atUs = grown(this.#atUs);
    this.#valueUs = grown(this.#valueUs);
    this.#atUs.copyWithin(size, 0, this.#oldest);
    this.#valueUs.copyWithin(size, 0, this.#oldest);
  }
}

/**
 * A time series of latency: every `stepUs`, from the first step on, the percentiles of the trailing window that ends there.
 * NaN while the window holds nothing.
 */
export class LatencySeries {
  atUs = new Float64Array(FIRST_CAPACITY);
  p50Us = new Float64Array(FIRST_CAPACITY);
  p95Us = new Float64Array(FIRST_CAPACITY);
  p99Us = new Float64Array(FIRST_CAPACITY);
  n = new Uint32Array(FIRST_CAPACITY);
  readonly window: TrailingWindow;
  readonly #stepUs: number;
  #length = 0;

  constructor(windowUs: number, stepUs: number) {
    this.window = new TrailingWindow(windowUs);
    this.#stepUs = stepUs;
  }

  get length(): number {
    return this.#length;
  }

  /** A request ended. `atUs` never goes backwards. */
  record(atUs: number, latencyUs: number): void {
    while ((this.#length + 1) * this.#stepUs < atUs) this.#sample();
    this.window.record(atUs, latencyUs);
  }

  /** Takes the samples due up to and including `nowUs`: nothing more will be recorded at or before it. */
  advance(nowUs: number): void {
    while ((this.#length + 1) * this.#stepUs <= nowUs) this.#sample();
  }

  #sample(): void {
    const row = this.#length;
    if (row === this.n.length) this.#grow();
    const atUs = (row + 1) * this.#stepUs;
    const window = this.window.upTo(atUs);
    this.atUs[row] = atUs;
    this.p50Us[row] = window.quantile(50);
    this.p95Us[row] = window.quantile(95);
    this.p99Us[row] = window.quantile(99);
    this.n[row] = window.count;
    this.#length = row + 1;
  }

  #grow(): void {
    this.atUs = grown(this.atUs);
    this.p50Us = grown(this.p50Us);
    this.p95Us = grown(this.p95Us);
    this.p99Us = grown(this.p99Us);
    this.n = grown(this.n);
  }
}

const FIRST_CAPACITY = 256;
