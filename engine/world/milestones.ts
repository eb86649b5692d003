import type { Simulation } from './simulation.ts';

/** A run of fewer requests is replayed from its start before anybody notices. */
const WORTHWHILE = 20_000;
/** Milestones divide a run into so many parts, and the longest way to any instant is one of them. */
const PARTS = 4;
/** A piece of the work ahead is this part of the run: of 100,000 requests about half a millisecond. */
const PIECES = 400;

/**
 * A run only goes forwards, so to go back is to replay it. What makes that short: further runs of the same world wait at milestones, at 1/4, 1/2 and 3/4
 * of its time, and the last one before the instant goes on from there. Whoever has time to spare calls `prepare`; a milestone costs the replay up to it, and serves
 * one seek.
 */
export class Milestones {
  private readonly start: () => Simulation;
  private readonly waiting = new Map<number, Simulation>();
  private coming: { readonly atUs: number; readonly run: Simulation } | undefined;
  /** How far the run has ever been. */
  private reachedUs = 0;

  /** `start` begins the run anew, with all of its timeline. */
  constructor(start: () => Simulation) {
    this.start = start;
  }

  /** Does a piece of the work ahead. False: there is none. `present` is the run as it stands. */
  prepare(present: Simulation): boolean {
    const { durationUs } = present.scenario;
    if (present.counts.arrived >= WORTHWHILE) this.reachedUs = Math.max(this.reachedUs, present.nowUs);
    this.coming ??= this.next(durationUs);
    if (this.coming === undefined) return false;
    const { atUs, run } = this.coming;
    run.runUntil(Math.min(atUs, run.nowUs + Math.ceil(durationUs / PIECES)));
    if (run.nowUs === atUs) {
      this.waiting.set(atUs, run);
      this.coming = undefined;
    }
    return true;
  }

  /** The run at a time: what is present goes on, or what waits, or a new one. */
  at(atUs: number, present?: Simulation): Simulation {
    const milestoneUs = Math.max(-1, ...[...this.waiting.keys()].filter((waitsUs) => waitsUs <= atUs));
    const isNear = present !== undefined && present.nowUs <= atUs && present.nowUs >= milestoneUs;
    const run = isNear ? present : (this.waiting.get(milestoneUs) ?? this.start());
    if (!isNear) this.waiting.delete(milestoneUs);
    run.runUntil(atUs);
    return run;
  }

  /** The last one first: who goes back mostly goes back a little. */
  private next(durationUs: number): { readonly atUs: number; readonly run: Simulation } | undefined {
    for (let part = PARTS - 1; part > 0; part--) {
      const atUs = Math.round((durationUs * part) / PARTS);
      if (atUs <= this.reachedUs && !this.waiting.has(atUs)) return { atUs, run: this.start() };
    }
    return undefined;
  }
}
