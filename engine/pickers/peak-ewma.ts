/**
 * Peak EWMA as Linkerd balances: two different backends are drawn, and the one with the smaller peak EWMA of latency times (requests in flight + 1) is taken.
 *
 * Cost: O(1) a pick: two draws, two exponentials. (power-of-two-choices.ts, load/peak-ewma.ts)
 *
 * Fails when: a backend fails fast: its estimate falls to nothing and every pair it is in chooses it. In a pool that is quiet all estimates fall and the choice is
 * random.
 *
 * Source: tower (balance/p2c and load/peak_ewma.rs); Linkerd's defaults: 30 ms before the first answer, decay 10 s.
 *
 * Real systems: Finagle's balancer of this name has another first guess and a penalty (metric `finagle-peak-ewma`); Envoy's extension guesses 10 ms.
 */
import type { Picker } from '../core/policy.ts';
import type { EwmaOptions } from './load/ewma.ts';
import { powerOfTwoChoices } from './power-of-two-choices.ts';

export function peakEwma(options: EwmaOptions = {}): Picker {
  return powerOfTwoChoices({ ...options, metric: 'peak-ewma' });
}
