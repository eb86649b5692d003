/**
 * Static stride: a counter walks round the pool, and on each round a backend is served or passed over, so that over 65,535 rounds it is served as often as its
 * weight, scaled so that the largest is 65,535, says.
 *
 * On round g backend i is passed over while (weight x g + i x 32,767) mod 65,535 < 65,535 - weight. The products spread the turns of each backend evenly over
 * the rounds, and the offsets keep neighbours of the same weight from being passed over together. The counter starts at random and has 32 bits.
 *
 * A weight of 0 is unknown and takes the mean of the others. In C++ a weight is at most 10 means, so that a pick passes over about 10 backends at most on
 * average, and at least a hundredth of the mean. Go bounds neither. Without two known weights, or in Go if all scale alike, it is plain round robin.
 *
 * Cost: O(1) a pick, on average largest / mean steps; O(n) when a weight changes; 8 bytes a backend. Nothing is divided: each backend keeps its remainder.
 *
 * Fails when: few backends are heavy among many light ones, under Go's form: most steps pass over somebody.
 *
 * Source: gRPC C++ (static_stride_scheduler.cc) and gRPC Go (weightedroundrobin/scheduler.go).
 *
 * Real systems: gRPC weighted_round_robin, where the weights come from reported load: the form client-side-weighted-round-robin.
 */
import type { Backend, Picker } from '../core/policy.ts';

export type StrideForm = 'cpp' | 'go';

const LARGEST = 65_535;
const OFFSET = 32_767;
const TWO_32 = 0x1_0000_0000;
/** C++ only, both times the mean. */
const MOST = 10;
const LEAST = 0.01;

interface Options {
  readonly form?: StrideForm;
}

export function staticStride({ form = 'cpp' }: Options = {}): Picker {
  let members: readonly Backend[] = [];
  let stride: Stride | undefined;

  return {
    onPoolChange(backends, ctx) {
      if (backends.length === 0) return;
      members = backends.slice();
      const weights = members.map(({ weight }) => weight);
      const counter = stride?.counter ?? ctx.rng.int(TWO_32);
      stride = new Stride(strideWeights(weights, form), members.length, counter);
    },
    pick: () => members[stride!.next()],
  };
}

/** Weights as the walk uses them, 1 to 65,535; undefined: plain round robin instead. */
export function strideWeights(given: readonly number[], form: StrideForm): Uint16Array | undefined {
  // C++ takes single precision, which decides where a scaled weight is rounded.
  const weights = form === 'cpp' ? given.map(Math.fround) : given;
  const known = weights.filter((weight) => weight > 0);
  if (weights.length < 2 || known.length === 0 || (form === 'go' && known.length < 2)) return undefined;
  const mean = known.reduce((sum, weight) => sum + weight, 0) / known.length;
  const largest = known.reduce((most, weight) => Math.max(most, weight), 0);
  const cap = form === 'cpp' ? Math.min(largest, Math.fround(MOST * mean)) : largest;
  const scale = LARGEST / cap;
  const scaledMean = Math.round(scale * mean);
  const least = form === 'cpp' ? Math.max(1, Math.round(scaledMean * LEAST)) : 0;
  const scaled = Uint16Array.from(weights, (weight) =>
    weight === 0 ? scaledMean : Math.max(least, Math.round(Math.min(weight, cap) * scale)),
  );
  return form === 'go' && scaled.every((weight) => weight === scaledMean) ? undefined : scaled;
}

/** The walk. `weights` undefined: every backend is served on every round. */
export class Stride {
  readonly #weights: Uint16Array | undefined;
  readonly #size: number;
  /** (weight x round + offset) mod 65,535 of each backend, for the round that it is visited on next. */
  readonly #remainders: Int32Array;
  #counter: number;
  #at: number;

  constructor(weights: Uint16Array | undefined, size: number, counter: number) {
    this.#weights = weights;
    this.#size = size;
    this.#remainders = new Int32Array(size);
    this.#counter = counter;
    this.#at = counter % size;
    this.#setOut();
  }

  /** How many steps were taken, 32 bits: where the next walk goes on. */
  get counter(): number {
    return this.#counter;
  }

  next(): number {
    const weights = this.#weights;
    for (;;) {
      const at = this.#at;
      this.#step();
      if (weights === undefined) return at;
      const weight = weights[at]!;
      const remainder = this.#remainders[at]!;
      const following = remainder + weight;
      this.#remainders[at] = following >= LARGEST ? following - LARGEST : following;
      if (remainder >= LARGEST - weight) return at;
    }
  }

  #step(): void {
    this.#at = this.#at + 1 < this.#size ? this.#at + 1 : 0;
    this.#counter += 1;
    if (this.#counter < TWO_32) return;
    this.#counter = 0;
    this.#at = 0;
    this.#setOut();
  }

  #setOut(): void {
    if (this.#weights === undefined) return;
    const round = Math.floor(this.#counter / this.#size);
    this.#weights.forEach((weight, index) => {
      // Those before the counter were visited on this round already.
      const visits = index < this.#at ? round + 1 : round;
      this.#remainders[index] = (((weight * visits) % LARGEST) + index * OFFSET) % LARGEST;
    });
  }
}
