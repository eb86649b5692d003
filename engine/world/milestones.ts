import type { Simulation } from './simulation.ts';

/** A run of fewer requests is replayed from its start before anybody notices. */
const WORTHWHILE = 20_000;
/** Where runs wait, in eighths: with each that is there the longest way from one to an instant is as short as it can be. */
const EIGHTHS = [4, 6, 2, 7, 5, 3, 1] as const;
/** A piece of the work ahead is this part of the run: of 100,000 requests about half a millisecond. */
const PIECES = 400;

/**
 * A run only goes forwards, so to go back is to replay it. Two things make that short. Further runs of the same world wait at milestones, and the last one before
 * the instant goes on from there. And what is replayed is not written down again: the run that was furthest has it all, and whoever replays copies its beginning.
 * So a run that waits costs no memory to speak of, and a replay from the start, at worst, a third less than the run.
 *
 * Whoever has time to spare calls `prepare`; a milestone costs the replay up to it, and serves one seek.
 */
export class Milestones {
  private readonly start: (trace: true | 'later') => Simulation;
  private readonly waiting = new Map<number, Simulation>();
  private coming: { readonly atUs: number; readonly run: Simulation } | undefined;
  /** The run that has been furthest, with all it wrote. */
  private furthest: Simulation | undefined;

  /** `start` begins the run anew, with all of its timeline: to be seen, or to be written down only later. */
  constructor(start: (trace: true | 'later') => Simulation) {
    this.start = start;
  }

  /** Does a piece of the work ahead. False: there is none. `present` is the run as it stands. */
  prepare(present: Simulation): boolean {
    this.note(present);
    const { durationUs } = present.scenario;
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
    this.note(present);
    const { furthest } = this;
    const milestoneUs = Math.max(-1, ...[...this.waiting.keys()].filter((waitsUs) => waitsUs <= atUs));
    const seen = [present, furthest].filter(
      (run) => run !== undefined && run.nowUs <= atUs && run.nowUs >= milestoneUs,
    );
    const near = seen.reduce((one, other) => (other!.nowUs > one!.nowUs ? other : one), seen[0]);
    const run = near ?? this.waiting.get(milestoneUs) ?? this.start(furthest === undefined ? true : 'later');
    if (near === undefined) this.waiting.delete(milestoneUs);
    const fromUs = run.nowUs;
    if (near === undefined && furthest !== undefined) {
      // What happens in its last microsecond may not have happened there yet.
      run.runUntil(Math.min(atUs, furthest.nowUs - 1));
      run.catchUp(furthest);
    }
    run.runUntil(atUs);
    this.note(run);
    if (run === this.furthest && atUs - fromUs > run.scenario.durationUs / 2) this.layOne(run);
    return run;
  }

  /** Who has jumped to the end may jump back before there was any time to spare. */
  private layOne(run: Simulation): void {
    while (this.waiting.size === 0 && this.prepare(run));
  }

  private note(run: Simulation | undefined): void {
    if (run !== undefined && run.nowUs > (this.furthest?.nowUs ?? 0)) this.furthest = run;
  }

  private next(durationUs: number): { readonly atUs: number; readonly run: Simulation } | undefined {
    const { furthest } = this;
    if (furthest === undefined || furthest.counts.arrived < WORTHWHILE) return undefined;
    const places = EIGHTHS.map((eighths) => Math.round((durationUs * eighths) / 8));
    const atUs = places.find((one) => one < furthest.nowUs && !this.waiting.has(one));
    return atUs === undefined ? undefined : { atUs, run: this.start('later') };
  }
}
