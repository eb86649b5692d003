/** One change of how a machine really is. */
export interface TruthChange {
  readonly atUs: number;
  readonly backend: number;
  /** A code that the world gives a name. */
  readonly truth: number;
}

/** How long one health check took; one that timed out took its timeout. */
export interface ProbeTime {
  readonly atUs: number;
  readonly backend: number;
  readonly tookUs: number;
}

/** What an observer of the run wants to know and no balancer can see. It stands beside the trace: a digest names what happened, not who looked. */
export class SideNotes {
  readonly truths: TruthChange[] = [];
  readonly probes: ProbeTime[] = [];
}
