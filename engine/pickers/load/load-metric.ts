import type { Backend, Context, Outcome, Request } from '../../core/policy.ts';

/**
 * Says how loaded a backend is; who is chosen then is the business of a picker. A metric is made for one picker, which passes on what it hears.
 *
 * What a latency-based metric learns of an attempt is how long it took, whatever came of it, unless its header says otherwise: an instant error
 * looks like a fast backend. That is the field's own pitfall, not mended here; health policies are there to take such a backend out.
 */
export interface LoadMetric {
  /** The load now, less is better. Reading may change it: a peak EWMA decays when it is read. */
  load(backend: Backend, ctx: Context): number;
  /**
   * A number in the order of the loads that changes only when a request of this backend starts or ends, so that a queue can be kept by it even
   * where loads fall with time (if all fall by the same factor, none overtakes another). Absent: the order changes with time alone.
   */
  rank?(backend: Backend): number;
  /** Backends that joined have their clock started. */
  onPoolChange?(backends: readonly Backend[], ctx: Context): void;
  onRequestStart?(backend: Backend, request: Request, ctx: Context): void;
  onRequestEnd?(backend: Backend, request: Request, outcome: Outcome, ctx: Context): void;
}

/** The rank of a load of 0 where ranks are logarithms. */
export const RANK_OF_NOTHING = -Number.MAX_VALUE;

/** What a metric remembers of each backend; it lives as long as the backend does. */
export class PerBackend<State> {
  readonly #states = new WeakMap<Backend, State>();
  readonly #make: () => State;

  constructor(make: () => State) {
    this.#make = make;
  }

  of(backend: Backend): State {
    const known = this.#states.get(backend);
    if (known !== undefined) return known;
    const fresh = this.#make();
    this.#states.set(backend, fresh);
    return fresh;
  }

  has(backend: Backend): boolean {
    return this.#states.has(backend);
  }
}
