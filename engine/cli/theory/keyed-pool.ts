import { BackendView, setInFlight, slotOf } from '../../core/backend.ts';
import type { Place } from '../../core/backend.ts';
import type { Picker } from '../../core/policy.ts';
import type { Prng } from '../../core/prng.ts';
import { RequestView } from '../../core/request.ts';

const TEMPLATE = { client: 'c', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };

export interface PlaceOfOne extends Place {
  readonly weight?: number;
}

/** One picker before backends whose requests never end by themselves: for experiments that ask where things go, not how long they take. */
export class KeyedPool {
  readonly views: readonly BackendView[];
  readonly #picker: Picker;
  readonly #ctx: { nowUs: number; readonly rng: Prng };
  #requests = 0;

  constructor(picker: Picker, places: readonly PlaceOfOne[], rng: Prng) {
    this.#picker = picker;
    this.#ctx = { nowUs: 0, rng };
    this.views = places.map(({ weight = 1, ...place }, slot) => new BackendView(slot, `b${slot}`, 'a', weight, place));
    this.tell();
  }

  static alike(picker: Picker, count: number, rng: Prng): KeyedPool {
    return new KeyedPool(picker, new Array<PlaceOfOne>(count).fill({}), rng);
  }

  /** The picker hears of the pool as if it came anew. */
  tell(): void {
    this.#picker.onMembersChange?.(this.views, this.#ctx);
    this.#picker.onPoolChange?.([], this.#ctx);
    this.#picker.onPoolChange?.(this.views, this.#ctx);
  }

  /** Where the request of this user goes; nothing is counted. -1: nowhere. */
  whereIs(user: number): number {
    return slotOf(this.#picker.pick(this.views, this.#request(user), this.#ctx));
  }

  /** Sends the request of this user, and leaves it there. */
  send(user: number): number {
    const request = this.#request(user);
    const slot = slotOf(this.#picker.pick(this.views, request, this.#ctx));
    const view = this.views[slot];
    if (view === undefined) return -1;
    setInFlight(view, view.inFlight + 1);
    this.#picker.onRequestStart?.(view, request, this.#ctx);
    return slot;
  }

  /** Sets what is in flight, as if it had been so before. */
  load(inFlight: readonly number[]): this {
    inFlight.forEach((count, slot) => setInFlight(this.views[slot]!, count));
    this.tell();
    return this;
  }

  get loads(): number[] {
    return this.views.map(({ inFlight }) => inFlight);
  }

  #request(user: number): RequestView {
    this.#requests += 1;
    return new RequestView(this.#requests, this.#requests, TEMPLATE, user);
  }
}
