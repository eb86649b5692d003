/**
 * Recorded arrivals: the times of a trace, to the microsecond, once or again and again.
 *
 * Method: exact, nothing is drawn. Cost: O(1).
 * Fails when: what a trace shows is an answer to how the recorded system behaved (a closed loop): replayed open, its users do not wait any more.
 */
import type { ArrivalProcess } from './process.ts';

/** `everyUs`: the record begins again after so long; undefined: it is over at its end. */
export function recorded(timesUs: readonly number[], everyUs: number | undefined): ArrivalProcess {
  let at = 0;
  let roundUs = 0;
  return {
    next() {
      if (at === timesUs.length) {
        if (everyUs === undefined) return Infinity;
        at = 0;
        roundUs += everyUs;
      }
      return roundUs + timesUs[at++]!;
    },
  };
}

/** Gaps before each request, the first from the start. */
export function recordedGaps(gapsUs: readonly number[], repeat: boolean): ArrivalProcess {
  let sumUs = 0;
  const timesUs = gapsUs.map((gapUs) => (sumUs += gapUs));
  return recorded(timesUs, repeat ? sumUs : undefined);
}
