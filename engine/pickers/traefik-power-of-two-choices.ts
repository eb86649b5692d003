/**
 * Power of two choices as Traefik draws: two draws among all; if they are the same, the second moves to the next backend. The second wins only with fewer requests in
 * flight.
 *
 * So a backend's successor is its partner twice as often as any other (2/n instead of 1/n), which shows as unevenness when neighbours are both slow.
 *
 * Cost: O(1) a pick with two draws, no memory. Fails when: as power-of-two-choices, and where the order of the list means something (one rack after the other).
 *
 * Source: Traefik, loadbalancer/p2c/p2c.go.
 */
import type { Picker } from '../core/policy.ts';

export function traefikPowerOfTwoChoices(): Picker {
  return {
    pick(backends, _request, { rng }) {
      if (backends.length === 1) return backends[0];
      const first = rng.int(backends.length);
      let second = rng.int(backends.length);
      if (second === first) second = second + 1 < backends.length ? second + 1 : 0;
      return backends[second]!.inFlight < backends[first]!.inFlight ? backends[second] : backends[first];
    },
  };
}
