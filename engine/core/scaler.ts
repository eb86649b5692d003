/** What a control loop has measured since it last looked. */
export interface ScalerReading {
  /** Members that take work and have warmed up: the metric is theirs. Dead ones report nothing and do not count. */
  readonly ready: number;
  /** Members that are ordered already: they start, or warm up. */
  readonly coming: number;
  /** Mean over the ready ones: busy share of the workers (0 to 1), requests in flight, or requests a second. NaN when nobody reports. */
  readonly metric: number;
}

/** Says how many members a pool, or the tier, should have. The engine owns the loop, the bounds, cooldowns, starting and stopping. */
export interface Scaler {
  /** Called at each look of the control loop, at time `nowUs`. Answer how many there should be, those that are coming included. */
  desired(reading: ScalerReading, nowUs: number): number;
}
