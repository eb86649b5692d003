/**
 * Closed loop: a client of N users, each of whom sends, waits for the end, and sends again. `closed` thinks in between; `paced` has a plan to send at equal intervals,
 * and is late whenever an answer is.
 *
 * Cost: O(1) a call; one number for each user of a paced client.
 * Fails when: it is taken for a measure of latency. Who waits does not send into a stall, so a stall of 100 s is one slow request among thousands that were never
 * sent: coordinated omission. The time between intention and end tells it (`CallLog.latencies('intended')`).
 * Source: Schroeder, Wierman, Harchol-Balter, "Open versus closed: a cautionary tale", NSDI 2006; Tene, "How NOT to measure latency"; wrk2.
 */
import { sampler } from '../core/distributions.ts';
import type { Rng } from '../core/policy.ts';
import type { LoopSpec } from './arrivals/arrivals.ts';

/** When a user sends next, and when that was meant to be. */
export interface Turn {
  readonly atUs: number;
  readonly intendedUs: number;
}

export class Loop {
  private readonly think: (() => number) | undefined;
  private readonly everyUs: number;
  private readonly users: number;
  /** Turns that each user of a paced client has taken. */
  private readonly taken: Float64Array;

  constructor(spec: LoopSpec, users: number, rng: Rng) {
    this.think = spec.kind === 'closed' ? sampler(spec.think, rng) : undefined;
    this.everyUs = spec.kind === 'paced' ? 1_000_000 / spec.rateRps : 0;
    this.users = users;
    this.taken = new Float64Array(spec.kind === 'paced' ? users : 0);
  }

  /** The user has nothing under way since `nowUs`. */
  next(user: number, nowUs: number): Turn {
    if (this.think !== undefined) {
      // Nobody is faster than the clock: answers that take no time would otherwise turn within one instant for ever.
      const atUs = nowUs + Math.max(1, this.think());
      return { atUs, intendedUs: atUs };
    }
    const turn = this.taken[user]!++;
    const intendedUs = Math.round((turn * this.users + user + 1) * this.everyUs);
    return { atUs: Math.max(intendedUs, nowUs), intendedUs };
  }
}
