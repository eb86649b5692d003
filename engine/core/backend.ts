import type { Backend } from './policy.ts';

export let setWeight: (view: BackendView, weight: number) => void;
export let setInFlight: (view: BackendView, inFlight: number) => void;
/** The row of a view in the engine's tables; -1 for anything that is not one of the engine's views. */
export let slotOf: (value: unknown) => number;

/**
 * The view of a backend that policies are handed. They read it through getters; what stands behind is private, and only the functions below,
 * which the engine keeps to itself, can change it. Frozen objects, copies or proxies would protect as well but make a picker 3 to 500 times
 * slower; private fields cost nothing that can be measured. (DECISIONS.md, 5)
 */
export class BackendView implements Backend {
  readonly #slot: number;
  readonly #id: string;
  readonly #zone: string;
  #weight: number;
  #inFlight = 0;

  /** `slot` is the backend's row in the engine's own tables. */
  constructor(slot: number, id: string, zone: string, weight: number) {
    this.#slot = slot;
    this.#id = id;
    this.#zone = zone;
    this.#weight = weight;
    Object.preventExtensions(this);
  }

  get id(): string {
    return this.#id;
  }
  get weight(): number {
    return this.#weight;
  }
  get inFlight(): number {
    return this.#inFlight;
  }
  get zone(): string {
    return this.#zone;
  }

  static {
    setWeight = (view, weight) => {
      view.#weight = weight;
    };
    setInFlight = (view, inFlight) => {
      view.#inFlight = inFlight;
    };
    slotOf = (value) => (typeof value === 'object' && value !== null && #slot in value ? value.#slot : -1);
    // Policies meet the prototype through their views: it must not lead to the constructor, nor be changed.
    Reflect.deleteProperty(this.prototype, 'constructor');
    Object.freeze(this.prototype);
  }
}
