/**
 * The order in which a request asks others when its own backend has too much: a shuffle of all indices that belongs to the request's hash, one step at a time.
 *
 * Cost: O(1) a step after O(624) for the generator, and O(steps) to undo them before the next shuffle.
 *
 * Source: Envoy's bounded load: Fisher-Yates with MT19937, seeded by the low 32 bits of the hash; a draw below k is the generator's number divided by the whole part of
 * 2^32 / k, drawn anew if that is k or more.
 */
import { mt19937 } from '../core/hashes/mt19937.ts';

export class CandidateOrder {
  #order = new Int32Array(0);
  /** With which place each step so far has changed. */
  #changedWith = new Int32Array(0);
  #steps = 0;
  /** Of the generator, used again for each shuffle. */
  readonly #state = new Int32Array(624);
  #draw: () => number = () => 0;

  start(seed: number, count: number): void {
    if (count === this.#order.length) this.#undo();
    else {
      this.#order = Int32Array.from({ length: count }, (_, index) => index);
      this.#changedWith = new Int32Array(count);
    }
    this.#steps = 0;
    this.#draw = mt19937(seed, this.#state);
  }

  /** To be called at most as often as there are indices. */
  next(): number {
    const step = this.#steps++;
    const other = step + this.#below(this.#order.length - step);
    this.#changedWith[step] = other;
    this.#swap(step, other);
    return this.#order[step]!;
  }

  #below(bound: number): number {
    const part = Math.floor(0x100000000 / bound);
    for (;;) {
      const drawn = Math.floor(this.#draw() / part);
      if (drawn < bound) return drawn;
    }
  }

  #undo(): void {
    for (let step = this.#steps - 1; step >= 0; step -= 1) this.#swap(step, this.#changedWith[step]!);
  }

  #swap(one: number, other: number): void {
    const kept = this.#order[one]!;
    this.#order[one] = this.#order[other]!;
    this.#order[other] = kept;
  }
}
