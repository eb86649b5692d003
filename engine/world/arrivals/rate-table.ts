/**
 * Poisson arrivals of a rate that runs through given points, in straight lines or in steps: a measured day, a planned load test.
 *
 * Method: exact, by inversion. The arrivals of a Poisson process of rate 1 are carried over by the inverse of the rate's integral; within a piece of length d
 * from rate a to rate b, area E is reached after x = 2E / (a + sqrt(a^2 + 2sE)) with s = (b - a) / d, a form that neither divides by the slope nor cancels.
 *
 * Cost: one draw for an arrival, and one step for each piece that is passed.
 * Fails when: a rate is 0 for good: then no more come.
 * Source: Cinlar, Introduction to Stochastic Processes, 1975, section 4.7.
 */
import { ln } from '../../core/maths.ts';
import type { Rng } from '../../core/policy.ts';
import type { ArrivalProcess } from './process.ts';

export interface RateTable {
  readonly points: readonly { readonly atUs: number; readonly rateRps: number }[];
  readonly shape: 'lines' | 'steps';
  readonly repeat: boolean;
}

/** From one time to another, from one rate to another: a straight line. */
interface Piece {
  readonly lastsUs: number;
  readonly from: number;
  readonly to: number;
}

export function rateTable(table: RateTable, rng: Rng): ArrivalProcess {
  const pieces = piecesOf(table);
  const finalRate = table.points.at(-1)!.rateRps / 1_000_000;
  const isEndless = table.repeat && pieces.some((piece) => areaOf(piece) > 0);
  let index = 0;
  let startUs = 0;
  let withinUs = 0;

  /** Time `area` from here on within the piece; Infinity: it lies behind its end. */
  function reach({ lastsUs, from, to }: Piece, area: number): number {
    const slope = (to - from) / lastsUs;
    const rate = from + slope * withinUs;
    const square = rate * rate + 2 * slope * area;
    const denominator = square < 0 ? 0 : rate + Math.sqrt(square);
    const afterUs = withinUs + (denominator === 0 ? Infinity : (2 * area) / denominator);
    return afterUs <= lastsUs ? afterUs : Infinity;
  }

  return {
    next() {
      let area = -ln(1 - rng.float());
      for (;;) {
        const piece = pieces[index];
        if (piece === undefined) return finish(area);
        const afterUs = reach(piece, area);
        if (afterUs !== Infinity) {
          withinUs = afterUs;
          return startUs + withinUs;
        }
        area = Math.max(0, area - restOf(piece, withinUs));
        startUs += piece.lastsUs;
        withinUs = 0;
        index = isEndless ? (index + 1) % pieces.length : index + 1;
      }
    },
  };

  function finish(area: number): number {
    if (finalRate === 0 || table.repeat) return Infinity;
    withinUs += area / finalRate;
    return startUs + withinUs;
  }
}

/** Steps and lines alike as pieces; a jump has no length and needs none. */
function piecesOf({ points, shape }: RateTable): Piece[] {
  const rates = points.map(({ rateRps }) => rateRps / 1_000_000);
  const before = { lastsUs: points[0]!.atUs, from: rates[0]!, to: rates[0]! };
  const between = points.slice(1).map(({ atUs }, at) => ({
    lastsUs: atUs - points[at]!.atUs,
    from: rates[at]!,
    to: shape === 'steps' ? rates[at]! : rates[at + 1]!,
  }));
  return [before, ...between].filter(({ lastsUs }) => lastsUs > 0);
}

function areaOf({ lastsUs, from, to }: Piece): number {
  return (lastsUs * (from + to)) / 2;
}

/** What is left of the area of a piece behind `withinUs`. */
function restOf({ lastsUs, from, to }: Piece, withinUs: number): number {
  const here = from + ((to - from) * withinUs) / lastsUs;
  return ((lastsUs - withinUs) * (here + to)) / 2;
}
