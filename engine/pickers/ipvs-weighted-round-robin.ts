/**
 * Weighted round robin as the Linux kernel's IPVS has it (`wrr`): a threshold falls from the largest weight by their greatest common divisor, and with each
 * value of it all backends with at least that weight get one turn. Weights 5, 3, 2 give A A A B A B C A B C.
 *
 * Cost: O(n) a pick at worst, O(n log w) a change of the pool, memory for one copy of the list. Weights are whole numbers.
 *
 * Fails when: weights differ much: the heaviest gets the difference to the next in a row, a burst that smooth weighted round robin spreads.
 *
 * Source: Linux, net/netfilter/ipvs/ip_vs_wrr.c; the pseudo-code of its documentation. A change of the pool starts the round anew.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { wholeWeights } from './whole-weights.ts';

export function ipvsWeightedRoundRobin(): Picker {
  let members: readonly Backend[] = [];
  let weights: ArrayLike<number> = [];
  let largest = 0;
  let step = 1;
  let place = -1;
  let threshold = 0;

  return {
    onPoolChange(backends) {
      members = backends.slice();
      weights = wholeWeights('ipvs-weighted-round-robin', members);
      largest = Math.max(0, ...Array.from(weights));
      step = Array.from(weights).reduce(commonDivisor, 0);
      place = -1;
      threshold = 0;
    },
    pick() {
      for (;;) {
        place = (place + 1) % members.length;
        if (place === 0) {
          threshold -= step;
          if (threshold <= 0) threshold = largest;
        }
        if (weights[place]! >= threshold) return members[place];
      }
    },
  };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
