/**
 * By busyness, as Apache has it (`lbmethod=bybusyness`): the fewest requests in flight, weights aside; of equals, the largest current of a smooth weighted round robin in
 * which all members gain at each pick.
 *
 * Cost: O(n) a pick by nature; O(n) a change of the pool; one number a backend.
 *
 * Fails when: backends differ in size: a load factor counts in ties alone. Who is chosen against its turn pays all the same, so after a busy spell the turns are
 * far from smooth.
 *
 * Source: Apache httpd 2.4, mod_lbmethod_bybusyness.c; recorded picks in test/conformance.
 */
import type { Picker } from '../core/policy.ts';
import { SmoothTurns } from './smooth-turns.ts';

export function apacheByBusyness(): Picker {
  const turns = new SmoothTurns();
  return {
    onPoolChange: (backends) => turns.reset(backends),
    pick(backends) {
      let best = 0;
      let fewest = Infinity;
      let largest = 0;
      for (let i = 0; i < backends.length; i += 1) {
        const { inFlight } = backends[i]!;
        const current = turns.gain(i);
        if (inFlight > fewest || (inFlight === fewest && current <= largest)) continue;
        best = i;
        fewest = inFlight;
        largest = current;
      }
      turns.pay(best);
      return backends[best];
    },
  };
}
