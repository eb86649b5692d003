import { sampler } from '../core/distributions.ts';
import type { Distribution } from '../core/distributions.ts';
import type { Rng } from '../core/policy.ts';

/** Draws one-way times of one direction of one line, whole microseconds. */
export type OneWay = () => number;

/** The one-way times of both directions of a line. A line without length says so, and then costs no event and no draw. */
export interface Line {
  isInstant: boolean;
  readonly there: OneWay;
  readonly back: OneWay;
}

export function line(distribution: Distribution, rng: { fork(label: string): Rng }): Line {
  return {
    isInstant: distribution.kind === 'constant' && distribution.valueUs === 0,
    there: sampler(distribution, rng.fork('there')),
    back: sampler(distribution, rng.fork('back')),
  };
}
