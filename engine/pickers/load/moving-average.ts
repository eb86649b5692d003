import { exp } from '../../core/maths.ts';

/**
 * An average that forgets: with each sample the old average keeps the weight exp(-time since the last / window). The first sample is taken as it is.
 * Samples that come unevenly are what this form is for (Eckner, "Algorithms for unevenly spaced time series", 2012; Finagle's Ema). With a window of 0 it is the
 * last sample; of two samples at one instant the second says nothing.
 */
export class MovingAverage {
  readonly #window: number;
  #at = NaN;
  #value = 0;

  constructor(window: number) {
    this.#window = window;
  }

  /** 0 before the first sample. */
  get value(): number {
    return this.#value;
  }

  get empty(): boolean {
    return Number.isNaN(this.#at);
  }

  add(sample: number, now: number): void {
    const kept = this.empty || this.#window === 0 ? 0 : exp(-(now - this.#at) / this.#window);
    this.#value = sample * (1 - kept) + this.#value * kept;
    this.#at = now;
  }
}
