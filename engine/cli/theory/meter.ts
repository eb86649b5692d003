import type { Observer } from '../../metrics/observer.ts';
import { Sample } from '../../metrics/sample.ts';
import type { Scenario } from '../../index.ts';
import { start } from './world.ts';

/**
 * What is measured of one long run: the requests after the warm-up, each followed to its end, and over the time in which these arrive the number in the system
 * and at each backend.
 */
export class Meter implements Observer {
  readonly sojourns = new Sample();
  rejected = 0;
  waited = 0;
  readonly sentTo: number[];
  private readonly first: number;
  private readonly last: number;
  private ended = 0;
  private inSystem = 0;
  private measuring = false;
  private sinceUs = 0;
  private startUs = 0;
  private area = 0;
  /** How many backends have at least k requests, by k, and the integral of that over time. */
  private readonly atLeast: number[] = [];
  private readonly areas: number[] = [];
  private readonly inFlight: number[];
  private readonly levels: boolean;

  /** `levels`: are backends told apart by how many requests they have? */
  constructor(warmup: number, requests: number, backends: number, levels: boolean) {
    this.first = warmup + 1;
    this.last = warmup + requests;
    this.sentTo = new Array<number>(backends).fill(0);
    this.inFlight = new Array<number>(backends).fill(0);
    this.levels = levels;
  }

  get done(): boolean {
    return this.ended === this.last - this.first + 1;
  }

  /** Time average over the arrivals of the measured requests. */
  get meanInSystem(): number {
    return this.area / (this.sinceUs - this.startUs);
  }

  /** The time-average part of the backends that have at least so many requests. */
  shareWithAtLeast(requests: number): number {
    return (this.areas[requests] ?? 0) / (this.sinceUs - this.startUs) / this.inFlight.length;
  }

  get rejectedShare(): number {
    return this.rejected / this.ended;
  }

  get waitedShare(): number {
    return this.waited / this.ended;
  }

  shareOf(backends: readonly number[]): number {
    const all = this.sentTo.reduce((sum, count) => sum + count, 0);
    return backends.reduce((sum, backend) => sum + this.sentTo[backend]!, 0) / all;
  }

  arrived(id: number, nowUs: number): void {
    if (id === this.first) {
      this.measuring = true;
      this.startUs = nowUs;
      this.sinceUs = nowUs;
    }
    this.advance(nowUs);
    if (id === this.last) this.measuring = false;
    this.inSystem += 1;
  }

  picked(id: number, backend: number): void {
    if (id >= this.first && id <= this.last) this.sentTo[backend]! += 1;
    if (!this.levels) return;
    const now = (this.inFlight[backend]! += 1);
    this.atLeast[now] = (this.atLeast[now] ?? 0) + 1;
  }

  queued(id: number): void {
    if (id >= this.first && id <= this.last) this.waited += 1;
  }

  served(id: number, backend: number, latencyUs: number, nowUs: number): void {
    this.left(id, nowUs);
    if (id >= this.first && id <= this.last) this.sojourns.record(latencyUs);
    if (!this.levels) return;
    this.atLeast[this.inFlight[backend]!]! -= 1;
    this.inFlight[backend]! -= 1;
  }

  failed(id: number, _backend: number, _failure: number, nowUs: number): void {
    this.left(id, nowUs);
    if (id >= this.first && id <= this.last) this.rejected += 1;
  }

  private left(id: number, nowUs: number): void {
    this.advance(nowUs);
    this.inSystem -= 1;
    if (id >= this.first && id <= this.last) this.ended += 1;
  }

  private advance(nowUs: number): void {
    if (!this.measuring) return;
    const passedUs = nowUs - this.sinceUs;
    this.sinceUs = nowUs;
    this.area += passedUs * this.inSystem;
    if (!this.levels) return;
    for (let k = 1; k < this.atLeast.length; k += 1)
      this.areas[k] = (this.areas[k] ?? 0) + passedUs * (this.atLeast[k] ?? 0);
  }
}

/** Runs until all measured requests have ended. */
export function meter(scenario: Scenario, seed: number, found: Meter): Meter {
  const simulation = start(scenario, { seed, observer: found });
  const pieceUs = Math.ceil(scenario.durationUs / 200);
  while (!found.done && !simulation.ended) simulation.runUntil(simulation.nowUs + pieceUs);
  if (!found.done) throw new Error('the run ended before the measured requests did');
  return found;
}
