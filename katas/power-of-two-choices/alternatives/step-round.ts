import type { Picker } from 'ballast';

/** The second is some steps further round the list, at least one and at most all but one. */
export default function powerOfTwoChoices(): Picker {
  return {
    pick(backends, request, { rng }) {
      const n = backends.length;
      if (n < 2) return backends[0];
      const first = rng.int(n);
      const second = (first + 1 + rng.int(n - 1)) % n;
      return backends[first]!.inFlight <= backends[second]!.inFlight ? backends[first] : backends[second];
    },
  };
}
