import type { Context, Rng } from '../core/policy.ts';

/** The one clock of a run: whole microseconds since its start. Who owns the run moves it; everybody else reads. */
export class Clock {
  nowUs = 0;
}

/** What a policy is told beside its arguments: the run's time and a stream of random numbers of its own. Read-only for the policy. */
export class PolicyContext implements Context {
  readonly #clock: Clock;
  readonly #rng: Rng;

  constructor(clock: Clock, rng: Rng) {
    this.#clock = clock;
    this.#rng = rng;
  }

  get nowUs(): number {
    return this.#clock.nowUs;
  }

  get rng(): Rng {
    return this.#rng;
  }
}
