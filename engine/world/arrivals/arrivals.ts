import { meanUs } from '../../core/distributions.ts';
import type { Rng } from '../../core/policy.ts';
import type { Scenario } from '../scenario.ts';
import { modulated } from './modulated.ts';
import type { ArrivalProcess } from './process.ts';
import { rateTable } from './rate-table.ts';
import { recorded, recordedGaps } from './recorded.ts';
import { batches, equallySpaced, poisson } from './steady.ts';
import { flashCrowd, sinusoid } from './varying.ts';

type ClientSpec = Scenario['clients'][number];

/** Users who wait for their answers. */
export type LoopSpec = Extract<ClientSpec['arrivals'], { kind: 'closed' | 'paced' }>;
export type ArrivalsSpec = Exclude<ClientSpec['arrivals'], LoopSpec>;

/** Does the rate of the client depend on its answers? */
export function isLoop(spec: ClientSpec['arrivals']): spec is LoopSpec {
  return spec.kind === 'closed' || spec.kind === 'paced';
}

/** When requests leave a client, as its scenario says. */
export function arrivalsOf(spec: ArrivalsSpec, rng: Rng): ArrivalProcess {
  switch (spec.kind) {
    case 'poisson':
      return poisson(spec.rateRps, rng);
    case 'constant':
      return equallySpaced(spec.rateRps);
    case 'batches':
      return batches(spec.rateRps, spec.size, rng);
    case 'modulated':
      return modulated(spec.states, rng);
    case 'sinusoid':
      return sinusoid(spec, rng);
    case 'rate-table':
      return rateTable(spec, rng);
    case 'flash-crowd':
      return flashCrowd(spec, rng);
    case 'recorded':
      return recorded(spec.timesUs, spec.everyUs);
    case 'recorded-gaps':
      return recordedGaps(spec.gapsUs, spec.repeat);
  }
}

/** An operator sets the rate: equally spaced where it was so before, Poisson otherwise. */
export function arrivalsAt(rateRps: number, spec: ArrivalsSpec, rng: Rng, nowUs: number): ArrivalProcess {
  return spec.kind === 'constant' ? equallySpaced(rateRps, nowUs) : poisson(rateRps, rng, nowUs);
}

/** The mean rate a client means to send at, requests per second. Of a rate that varies once, the one it has at the start; of users who think, what they would send if answers took no time. */
export function plannedRps({ arrivals: spec, users }: Pick<ClientSpec, 'arrivals' | 'users'>): number {
  switch (spec.kind) {
    case 'modulated': {
      const cycleUs = spec.states.reduce((sum, state) => sum + state.meanUs, 0);
      return spec.states.reduce((sum, state) => sum + state.rateRps * state.meanUs, 0) / cycleUs;
    }
    case 'closed':
      return perSecond(users, meanUs(spec.think));
    case 'rate-table':
      return spec.points[0]!.rateRps;
    case 'recorded':
      return perSecond(spec.timesUs.length, spec.everyUs ?? spec.timesUs.at(-1)!);
    case 'recorded-gaps':
      return perSecond(
        spec.gapsUs.length,
        spec.gapsUs.reduce((sum, gapUs) => sum + gapUs, 0),
      );
    default:
      return spec.rateRps;
  }
}

function perSecond(count: number, lastUs: number): number {
  return lastUs === 0 ? 0 : (count * 1_000_000) / lastUs;
}
