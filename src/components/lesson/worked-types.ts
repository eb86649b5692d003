/** One decision of a worked example, as a page shows it. Computed in worked/ while the site is built. */
export interface WorkedStep {
  /** Names what happens, so that the lesson can say which line of its code does it. */
  readonly phase: string;
  readonly note: string;
  readonly bars: readonly Bar[];
  /** What this step adds to the row of results: a backend, a verdict, a pool. */
  readonly result: string;
}

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Where the value goes at the end of this step. */
  readonly after?: number;
  readonly chosen: boolean;
  /** Beside the bar, instead of the bare value: "20 / 5 = 4". */
  readonly words?: string;
  /** A line the value is compared with. */
  readonly limit?: number;
}

/** −4 with a real minus sign. */
export function signed(value: number): string {
  return value < 0 ? `−${-value}` : String(value);
}
