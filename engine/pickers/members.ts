import type { Backend } from '../core/policy.ts';

/** The backends of a pool by index, as `onPoolChange` told them. Finding the one found last costs no look-up: a start follows its pick. */
export class Members {
  list: readonly Backend[] = [];
  #indexOf = new Map<Backend, number>();
  #last = 0;

  reset(backends: readonly Backend[]): void {
    this.list = backends.slice();
    this.#indexOf = new Map(this.list.map((backend, index) => [backend, index]));
    this.#last = 0;
  }

  /** -1: it is not in the pool (any more). */
  indexOf(backend: Backend): number {
    return this.list[this.#last] === backend ? this.#last : (this.#indexOf.get(backend) ?? -1);
  }

  /** The backend at an index that is about to be answered. */
  at(index: number): Backend | undefined {
    this.#last = index;
    return this.list[index];
  }
}
