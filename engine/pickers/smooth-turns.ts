import type { Backend } from '../core/policy.ts';

/**
 * The currents of smooth weighted round robin, for pickers that let only some backends take part in a turn: those gain their weight, and the one that is
 * chosen pays what all of them gained. Who leaves keeps its current for when it comes back.
 */
export class SmoothTurns {
  #members: readonly Backend[] = [];
  #currents = new Float64Array(0);
  #gained = 0;
  readonly #frozen = new WeakMap<Backend, number>();

  reset(backends: readonly Backend[]): void {
    this.#members.forEach((backend, index) => this.#frozen.set(backend, this.#currents[index]!));
    this.#members = backends.slice();
    this.#currents = Float64Array.from(backends, (backend) => this.#frozen.get(backend) ?? 0);
  }

  /** Takes part in this turn. Answers its current. */
  gain(index: number): number {
    const { weight } = this.#members[index]!;
    this.#gained += weight;
    this.#currents[index]! += weight;
    return this.#currents[index]!;
  }

  /** Ends the turn. */
  pay(index: number): void {
    this.#currents[index]! -= this.#gained;
    this.#gained = 0;
  }
}
