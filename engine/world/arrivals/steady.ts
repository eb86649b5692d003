/**
 * Arrivals of one rate: equally spaced, Poisson, and Poisson batches (M^[X], each of the same size).
 *
 * Method: exact, by inversion of the exponential gap. Cost: one draw and one logarithm for each gap.
 * Fails when: traffic comes in waves; see modulated.ts and varying.ts.
 * Source: Gross and Harris, Fundamentals of Queueing Theory, section 3.1, for batches.
 */
import { ln } from '../../core/maths.ts';
import type { Rng } from '../../core/policy.ts';
import type { ArrivalProcess } from './process.ts';

export function equallySpaced(rateRps: number, fromUs = 0): ArrivalProcess {
  const gapUs = gapOf(rateRps);
  let atUs = fromUs;
  return { next: () => (atUs += gapUs) };
}

export function poisson(rateRps: number, rng: Rng, fromUs = 0): ArrivalProcess {
  const gapUs = gapOf(rateRps);
  let atUs = fromUs;
  return { next: () => (atUs += -gapUs * ln(1 - rng.float())) };
}

/** `rateRps` counts the requests, not the batches. */
export function batches(rateRps: number, size: number, rng: Rng): ArrivalProcess {
  const each = poisson(rateRps / size, rng);
  let atUs = 0;
  let left = 0;
  return {
    next() {
      if (left === 0) {
        atUs = each.next();
        left = size;
      }
      left--;
      return atUs;
    },
  };
}

function gapOf(rateRps: number): number {
  return rateRps === 0 ? Infinity : 1_000_000 / rateRps;
}
