import { BackendView, setInFlight, setWeight, slotOf } from '../../core/backend.ts';
import type { Place } from '../../core/backend.ts';
import type { Backend, Context, Outcome, Picker } from '../../core/policy.ts';
import { RequestView, setTried } from '../../core/request.ts';

const TEMPLATE = { client: 'c', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };
const SERVED: Outcome = { kind: 'served', status: 200, latencyUs: 1000, bytes: 0 };
const REFUSED: Outcome = { kind: 'refused', status: 0, latencyUs: 1000, bytes: 0 };

interface Configured extends Place {
  readonly id: string;
  readonly weight: number;
  readonly zone?: string;
}

/** One picker of the engine before a pool that a recording or a vector directs: who is there, who is out, what time it is, how requests end. */
export class Rehearsal {
  readonly views: readonly BackendView[];
  readonly #picker: Picker;
  readonly #out = new Set<number>();
  readonly #absent = new Set<number>();
  readonly #ctx: { nowUs: number; readonly rng: Context['rng'] };
  #requests = 0;

  /** `draw` is what every draw gives, modulo its bound: where a system starts at random, where it is to start. */
  constructor(picker: Picker, backends: readonly Configured[], draw = 0) {
    this.#picker = picker;
    this.views = backends.map(
      ({ id, weight, zone, ...place }, slot) => new BackendView(slot, id, zone ?? 'a', weight, place),
    );
    this.#ctx = { nowUs: 0, rng: { float: () => 0, int: (bound) => draw % bound } };
  }

  static ofWeights(picker: Picker, weights: readonly number[], draw = 0): Rehearsal {
    return new Rehearsal(
      picker,
      weights.map((weight, slot) => ({ id: `s${slot}`, weight })),
      draw,
    );
  }

  /** Tells the picker of the pool as it stands. */
  tell(): this {
    this.#picker.onMembersChange?.(
      this.views.filter((_, slot) => !this.#absent.has(slot)),
      this.#ctx,
    );
    this.#picker.onPoolChange?.(this.eligible, this.#ctx);
    return this;
  }

  get eligible(): Backend[] {
    return this.views.filter((_, slot) => !this.#out.has(slot) && !this.#absent.has(slot));
  }

  /** Takes backends out of the eligible list, or puts them back, without telling yet. */
  out(slots: readonly number[], out = true): this {
    for (const slot of slots) {
      if (out) this.#out.add(slot);
      else this.#out.delete(slot);
    }
    return this;
  }

  /** Leaves backends out of the pool altogether. */
  without(slots: readonly number[]): this {
    for (const slot of slots) this.#absent.add(slot);
    return this;
  }

  weigh(slot: number, weight: number): this {
    setWeight(this.views[slot]!, weight);
    return this;
  }

  at(nowUs: number): this {
    this.#ctx.nowUs = nowUs;
    return this;
  }

  /** The place of the backend that the next attempt goes to; null: the picker declines. */
  pick(tried: readonly number[] = []): number | null {
    const eligible = this.eligible;
    if (eligible.length === 0) return null;
    const answer = this.#picker.pick(eligible, this.#request(tried), this.#ctx);
    return answer === undefined ? null : slotOf(answer);
  }

  start(slot: number): void {
    const view = this.views[slot]!;
    setInFlight(view, view.inFlight + 1);
    this.#picker.onRequestStart?.(view, this.#request([]), this.#ctx);
  }

  end(slot: number, ok = true, outcome: Outcome = ok ? SERVED : REFUSED): void {
    const view = this.views[slot]!;
    setInFlight(view, view.inFlight - 1);
    this.#picker.onRequestEnd?.(view, this.#request([]), outcome, this.#ctx);
  }

  /** Picks one after another, each ended before the next. */
  picks(count: number): (number | null)[] {
    return Array.from({ length: count }, () => {
      const slot = this.pick();
      if (slot !== null) {
        this.start(slot);
        this.end(slot);
      }
      return slot;
    });
  }

  #request(tried: readonly number[]): RequestView {
    this.#requests += 1;
    const request = new RequestView(this.#requests, this.#requests, TEMPLATE);
    if (tried.length > 0)
      setTried(
        request,
        tried.map((slot) => this.views[slot]!),
      );
    return request;
  }
}
