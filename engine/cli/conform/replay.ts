import { BackendView, setInFlight, setWeight } from '../../core/backend.ts';
import type { Outcome, Picker, Rng } from '../../core/policy.ts';
import { Prng } from '../../core/prng.ts';
import { RequestView } from '../../core/request.ts';
import type { Recording } from './finding.ts';

const TEMPLATE = { client: 'c', class: 'default', method: 'GET', host: 'example.test', path: '/', headers: {} };

/** Draws what it is told to, each modulo its bound, and 0 when nothing is left; it keeps the bounds it was asked for. */
export class ScriptedRng implements Rng {
  readonly bounds: number[] = [];
  readonly #draws: readonly number[];

  constructor(draws: readonly number[] = []) {
    this.#draws = draws;
  }

  float(): number {
    return 0;
  }

  int(bound: number): number {
    const draw = this.#draws[this.bounds.length] ?? 0;
    this.bounds.push(bound);
    return draw % bound;
  }
}

/** A pool whose requests have names: they start and end when a recording or a vector says so. */
export class Replay {
  readonly views: readonly BackendView[];
  readonly ctx: { nowUs: number; rng: Rng };
  readonly #picker: Picker;
  readonly #open = new Map<string, { readonly view: BackendView; readonly sinceUs: number }>();
  readonly request = new RequestView(1, 1, TEMPLATE);
  #eligible: readonly BackendView[];

  constructor(
    picker: Picker,
    backends: readonly { readonly name: string; readonly weight: number; readonly maxconn?: number }[],
    rng: Rng = new Prng(1),
  ) {
    this.#picker = picker;
    this.views = backends.map(
      ({ name, weight, maxconn }, slot) =>
        new BackendView(slot, name, 'a', weight, maxconn === undefined ? {} : { maxConnections: maxconn }),
    );
    this.#eligible = this.views;
    this.ctx = { nowUs: 0, rng };
    this.tell();
  }

  static ofWeights(picker: Picker, weights: readonly number[], rng?: Rng): Replay {
    return new Replay(
      picker,
      weights.map((weight, slot) => ({ name: `s${slot}`, weight })),
      rng,
    );
  }

  tell(): void {
    this.#picker.onPoolChange?.(this.#eligible, this.ctx);
  }

  /** A weight of 0 takes the backend out, as HAProxy has it. */
  weigh(view: BackendView, weight: number): void {
    if (weight > 0) setWeight(view, weight);
    const eligible = this.views.filter((other) => (other === view ? weight > 0 : this.#eligible.includes(other)));
    this.#eligible = eligible;
    this.tell();
  }

  /** Sets what is in flight, as if it had been so before the picker came. */
  load(inFlight: readonly number[]): this {
    inFlight.forEach((count, slot) => setInFlight(this.views[slot]!, count));
    this.#picker.onPoolChange?.([], this.ctx);
    this.tell();
    return this;
  }

  /** Sets what is in flight while the picker watches nothing: what Envoy's tests do. */
  loadUnseen(inFlight: readonly number[]): this {
    inFlight.forEach((count, slot) => setInFlight(this.views[slot]!, count));
    return this;
  }

  pick(): BackendView {
    const answer = this.#picker.pick(this.#eligible, this.request, this.ctx);
    const view = this.views.find((one) => one === answer);
    if (view === undefined) throw new Error('the picker declined');
    return view;
  }

  /** Picks and sends; `to` sends elsewhere than the picker said, as the recorded balancer did. */
  start(name: string, to: BackendView = this.pick()): BackendView {
    setInFlight(to, to.inFlight + 1);
    this.#picker.onRequestStart?.(to, this.request, this.ctx);
    this.#open.set(name, { view: to, sinceUs: this.ctx.nowUs });
    return to;
  }

  end(name: string): void {
    const { view, sinceUs } = this.#open.get(name)!;
    this.#open.delete(name);
    setInFlight(view, view.inFlight - 1);
    const outcome: Outcome = { kind: 'served', status: 200, latencyUs: this.ctx.nowUs - sinceUs, bytes: 0 };
    this.#picker.onRequestEnd?.(view, this.request, outcome, this.ctx);
  }

  sendOne(): BackendView {
    const view = this.start('one');
    this.end('one');
    return view;
  }
}

/** A step of a recording: its requests one after another, unless it lists when they start and end. */
export function eventsOf(recording: Recording): readonly (readonly ['start' | 'end', string])[] {
  if (Array.isArray(recording.events)) return recording.events as (readonly ['start' | 'end', string])[];
  return recording.requests.flatMap((_, index) => [
    ['start', `${index}`],
    ['end', `${index}`],
  ]);
}

/** Every answer that chance can bring about, with its probability: each draw is tried with each of its results. */
export function outcomes<Answer>(run: (rng: Rng) => Answer): Map<Answer, number> {
  const found = new Map<Answer, number>();
  const explore = (draws: readonly number[], probability: number): void => {
    const rng = new ScriptedRng(draws);
    const answer = run(rng);
    const next = rng.bounds[draws.length];
    if (next === undefined) {
      found.set(answer, (found.get(answer) ?? 0) + probability);
      return;
    }
    for (let draw = 0; draw < next; draw += 1) explore([...draws, draw], probability / next);
  };
  explore([], 1);
  return found;
}
