import { BackendView } from '../../core/backend.ts';
import type { Health, HealthPolicy } from '../../core/policy.ts';

/** A health policy before a pool that a vector directs: what is answered to whom, and when. */
export class JudgedPool {
  readonly views: readonly BackendView[];
  readonly #policy: HealthPolicy;
  readonly #ctx: { nowUs: number; rng: { float: () => number; int: (bound: number) => number } };

  /** `draw` is what every draw gives, from 0 to just below 1. */
  constructor(policy: HealthPolicy, size: number, draw = 0) {
    this.#policy = policy;
    this.views = Array.from({ length: size }, (_, slot) => new BackendView(slot, `s${slot}`, 'a', 1));
    this.#ctx = { nowUs: 0, rng: { float: () => draw, int: (bound) => Math.floor(draw * bound) } };
    policy.onPoolChange?.(this.views, this.#ctx);
  }

  get nowUs(): number {
    return this.#ctx.nowUs;
  }

  at(nowUs: number): this {
    this.#ctx.nowUs = nowUs;
    return this;
  }

  /** A request goes to the backend and is answered at once; 0: the connection is refused. */
  answer(slot: number, status: number): Health | undefined {
    const view = this.views[slot]!;
    this.#policy.onRequestStart?.(view, this.#ctx);
    const kind = status === 0 ? 'refused' : 'served';
    const outcome = { kind, status, latencyUs: 1000, bytes: 0 } as const;
    return this.#policy.observe(view, { kind: 'response', outcome }, this.#ctx);
  }

  probe(slot: number, ok: boolean): Health | undefined {
    const reason = ok ? 'ok' : 'refused';
    const signal = { kind: 'probe', check: 'http', ok, reason, status: ok ? 200 : 0, latencyUs: 1000 } as const;
    return this.#policy.observe(this.views[slot]!, signal, this.#ctx);
  }

  /** The places of the backends that a sweep changes to this. */
  sweep(to: Health): number[] {
    const verdicts = this.#policy.sweep?.(this.views, this.#ctx);
    return this.views.flatMap((view, slot) => (verdicts?.get(view) === to ? [slot] : []));
  }

  /** How long until a sweep brings the backend back, sweeping every so often. */
  backAfterUs(slot: number, everyUs: number): number {
    const fromUs = this.nowUs;
    do this.at(this.nowUs + everyUs);
    while (!this.sweep('healthy').includes(slot) && this.nowUs - fromUs < LONGEST_US);
    return this.nowUs - fromUs;
  }
}

const LONGEST_US = 86_400_000_000;
