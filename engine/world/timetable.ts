import type { Action } from './scenario.ts';

/** The actions of a run in the order of time, of which some are done. */
export class Timetable {
  private readonly all: Action[];
  private taken = 0;

  constructor(actions: readonly Action[]) {
    this.all = actions.toSorted((a, b) => a.atUs - b.atUs);
  }

  get actions(): readonly Action[] {
    return this.all;
  }

  /** How many are done; also the index of the next one. */
  get done(): number {
    return this.taken;
  }

  /** When the next one is due; Infinity when all are done. */
  get nextUs(): number {
    return this.taken < this.all.length ? this.all[this.taken]!.atUs : Infinity;
  }

  /** Makes this the next one. */
  insertNext(action: Action): void {
    this.all.splice(this.taken, 0, action);
  }

  take(): Action {
    return this.all[this.taken++]!;
  }
}
