import { invariant } from '../core/invariant.ts';

/**
 * A log-linear histogram of whole microseconds: values below 256 are counted exactly; above, each octave [2^e, 2^(e+1)) is split into 128
 * equal buckets, 2^(e-7) wide. A quantile is answered with its bucket's middle, at most (2^(e-7) - 1) / 2 away, so its relative error stays
 * below RELATIVE_ERROR = 2^-8, under 0.4 %. Count, mean and maximum are exact.
 *
 * Recording is O(1), a quantile O(6,016 buckets), memory 24 kB. Latencies up to 2^53 microseconds fit.
 * HdrHistogram, which many load testers print, follows the same plan with a configurable number of digits.
 */
export class Histogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #highest = -1;

  get count(): number {
    return this.#count;
  }

  /** NaN while empty. */
  get mean(): number {
    return this.#sum / this.#count;
  }

  record(valueUs: number): void {
    const bucket = bucketOf(valueUs);
    this.#counts[bucket]! += 1;
    this.#count += 1;
    this.#sum += valueUs;
    if (bucket > this.#highest) this.#highest = bucket;
  }

  /** Takes back a value recorded before. */
  remove(valueUs: number): void {
    const bucket = bucketOf(valueUs);
    invariant(this.#counts[bucket]! > 0, `remove(${valueUs}): no such value was recorded`);
    this.#counts[bucket]! -= 1;
    this.#count -= 1;
    this.#sum -= valueUs;
  }

  /** Adds all that `other` has counted. */
  merge(other: Histogram): void {
    for (let bucket = 0; bucket <= other.#highest; bucket += 1) this.#counts[bucket]! += other.#counts[bucket]!;
    this.#count += other.#count;
    this.#sum += other.#sum;
    if (other.#highest > this.#highest) this.#highest = other.#highest;
  }

  /**
   * The value below or at which a share of `percent` per cent of all values lies (nearest rank): `quantile(99)`. NaN while empty.
   * `percent` is above 0 and at most 100.
   */
  quantile(percent: number): number {
    invariant(percent > 0 && percent <= 100, `quantile(${percent}): needs per cent above 0 and up to 100`);
    let rank = Math.ceil((percent * this.#count) / 100);
    if (rank === 0) return NaN;
    for (let bucket = 0; bucket <= this.#highest; bucket += 1) {
      rank -= this.#counts[bucket]!;
      if (rank <= 0) return middleOf(bucket);
    }
    return NaN;
  }
}

export const RELATIVE_ERROR = 1 / 256;

const BUCKETS = 6016;
const TWO_21 = 0x200000;
const TWO_32 = 0x100000000;

/** Bucket of a whole number from 0 to 2^53 - 1. */
function bucketOf(value: number): number {
  if (value < 256) return value;
  if (value < TWO_32) {
    const shift = 24 - Math.clz32(value);
    return shift * 128 + (value >>> shift);
  }
  // Only the leading eight bits matter: drop 21 low ones first.
  const leading = Math.floor(value / TWO_21);
  const shift = 24 - Math.clz32(leading);
  return (shift + 21) * 128 + (leading >>> shift);
}

function middleOf(bucket: number): number {
  if (bucket < 256) return bucket;
  const shift = (bucket >> 7) - 1;
  const width = shift < 30 ? 1 << shift : TWO_21 * (1 << (shift - 21));
  return (bucket - shift * 128) * width + (width - 1) / 2;
}
