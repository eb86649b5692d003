/** When requests arrive: a point process, read from its beginning. */
export interface ArrivalProcess {
  /** The time of the next arrival, microseconds before rounding, never before the last one; Infinity: none comes. */
  next(): number;
}
