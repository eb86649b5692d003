import type { Backend } from './policy.ts';

/** What a configuration may say of a backend beside its id, zone and weight. */
export interface Place {
  readonly address?: string;
  readonly number?: number;
  readonly maxConnections?: number;
}

export let setWeight: (view: BackendView, weight: number) => void;
export let setInFlight: (view: BackendView, inFlight: number) => void;
export let setMaxConnections: (view: BackendView, maxConnections: number) => void;
/** The row of a view in the engine's tables; -1 for anything that is not one of the engine's views. */
export let slotOf: (value: unknown) => number;

/**
 * The view of a backend that policies are handed. They read it through getters; what stands behind is private, and only the functions below,
 * which the engine keeps to itself, can change it. Frozen objects, copies or proxies would protect as well but make a picker 3 to 500 times
 * slower; private fields cost nothing that can be measured. (DECISIONS.md, 5)
 */
export class BackendView implements Backend {
  // What every pick reads and writes stands together: one line of the processor's memory at ten thousand backends.
  readonly #slot: number;
  #inFlight = 0;
  #maxConnections: number;
  #weight: number;
  readonly #id: string;
  readonly #zone: string;
  readonly #address: string;
  readonly #number: number;

  /** `slot` is the backend's row in the engine's own tables. */
  constructor(slot: number, id: string, zone: string, weight: number, place: Place = {}) {
    this.#slot = slot;
    this.#id = id;
    this.#zone = zone;
    this.#weight = weight;
    this.#address = place.address ?? addressOf(slot);
    this.#number = place.number ?? slot + 1;
    this.#maxConnections = place.maxConnections ?? Infinity;
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
  get address(): string {
    return this.#address;
  }
  get number(): number {
    return this.#number;
  }
  get maxConnections(): number {
    return this.#maxConnections;
  }
  get full(): boolean {
    return this.#inFlight >= this.#maxConnections;
  }

  static {
    setWeight = (view, weight) => {
      view.#weight = weight;
    };
    setInFlight = (view, inFlight) => {
      view.#inFlight = inFlight;
    };
    setMaxConnections = (view, maxConnections) => {
      view.#maxConnections = maxConnections;
    };
    slotOf = (value) => (typeof value === 'object' && value !== null && #slot in value ? value.#slot : -1);
    // Policies meet the prototype through their views: it must not lead to the constructor, nor be changed.
    Reflect.deleteProperty(this.prototype, 'constructor');
    Object.freeze(this.prototype);
  }
}

/** Backends without a configured address get one each from 10.0.0.0/8: slot 0 is 10.0.0.1:8080. */
function addressOf(slot: number): string {
  const host = slot + 1;
  return `10.${(host >> 16) & 0xff}.${(host >> 8) & 0xff}.${host & 0xff}:8080`;
}
