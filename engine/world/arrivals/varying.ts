/**
 * Poisson arrivals of a rate that is a smooth function of time: a day as a sinusoid, and a flash crowd that climbs to a peak in a straight line, stays, and decays.
 *
 * Method: exact, by thinning. Candidates come at the highest rate there ever is, and each is kept with probability rate(t) / highest.
 * Cost: two draws for each candidate, highest / mean candidates for an arrival.
 * Fails when: the peak is far above the mean for a short time; then most candidates are thrown away.
 * Source: Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", Naval Research Logistics 26, 1979.
 */
import { exp, ln, sineOfTurns } from '../../core/maths.ts';
import type { Rng } from '../../core/policy.ts';
import { poisson } from './steady.ts';
import type { ArrivalProcess } from './process.ts';

export interface Sinusoid {
  readonly rateRps: number;
  readonly swing: number;
  readonly periodUs: number;
  readonly phaseUs: number;
}

export function sinusoid({ rateRps, swing, periodUs, phaseUs }: Sinusoid, rng: Rng): ArrivalProcess {
  const rateAt = (atUs: number) => rateRps * (1 + swing * sineOfTurns((atUs + phaseUs) / periodUs));
  return thinned(rateRps * (1 + swing), rateAt, rng);
}

export interface FlashCrowd {
  readonly rateRps: number;
  readonly peakRps: number;
  readonly atUs: number;
  readonly rampUs: number;
  readonly holdUs: number;
  readonly halveUs: number;
}

export function flashCrowd({ rateRps, peakRps, atUs, rampUs, holdUs, halveUs }: FlashCrowd, rng: Rng): ArrivalProcess {
  const peakUs = atUs + rampUs;
  const fallsUs = peakUs + holdUs;
  const shareAt = (nowUs: number) => {
    if (nowUs <= atUs) return 0;
    if (nowUs < peakUs) return (nowUs - atUs) / rampUs;
    return nowUs <= fallsUs ? 1 : exp((-LN_2 * (nowUs - fallsUs)) / halveUs);
  };
  return thinned(Math.max(rateRps, peakRps), (nowUs) => rateRps + (peakRps - rateRps) * shareAt(nowUs), rng);
}

/** `rateAt` is never above `highestRps`. */
function thinned(highestRps: number, rateAt: (atUs: number) => number, rng: Rng): ArrivalProcess {
  const candidates = poisson(highestRps, rng);
  return {
    next() {
      for (;;) {
        const atUs = candidates.next();
        if (rng.float() * highestRps < rateAt(atUs)) return atUs;
      }
    },
  };
}

const LN_2 = ln(2);
