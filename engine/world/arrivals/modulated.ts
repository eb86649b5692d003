/**
 * Markov-modulated Poisson arrivals: the rate is that of a hidden state, and states follow each other in a circle, each for an exponential time. Two states are an
 * MMPP-2; if one of them is silent, an on/off source, the interrupted Poisson process.
 *
 * Method: exact, by competing exponentials. In a state of rate r and leaving rate q the next thing happens after Exp(r + q), and is an arrival with probability
 * r / (r + q). The first state is drawn by how much of the time each has, so the process is stationary from the start.
 *
 * Cost: two draws for an arrival or a change of state.
 * Fails when: waves are of several lengths at once (self-similar traffic); one hidden state has one time scale.
 * Source: Fischer and Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook", Performance Evaluation 18, 1993; Kuczura's IPP, 1973.
 */
import { ln } from '../../core/maths.ts';
import type { Rng } from '../../core/policy.ts';
import type { ArrivalProcess } from './process.ts';

export interface ModulatedState {
  readonly rateRps: number;
  /** How long it lasts on average. */
  readonly meanUs: number;
}

export function modulated(states: readonly ModulatedState[], rng: Rng): ArrivalProcess {
  const ratesPerUs = states.map(({ rateRps }) => rateRps / 1_000_000);
  const cycleUs = states.reduce((sum, { meanUs }) => sum + meanUs, 0);
  let state = stateAt(states, rng.float() * cycleUs);
  let atUs = 0;
  return {
    next() {
      for (;;) {
        const arrives = ratesPerUs[state]!;
        const total = arrives + 1 / states[state]!.meanUs;
        atUs += -ln(1 - rng.float()) / total;
        if (rng.float() * total < arrives) return atUs;
        state = (state + 1) % states.length;
      }
    },
  };
}

function stateAt(states: readonly ModulatedState[], pointUs: number): number {
  let sumUs = 0;
  const found = states.findIndex(({ meanUs }) => pointUs < (sumUs += meanUs));
  return found < 0 ? states.length - 1 : found;
}
