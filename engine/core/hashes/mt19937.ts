/**
 * MT19937, the Mersenne Twister: 32-bit numbers from a 32-bit seed. Answers a function that gives the next. `state`, 624 numbers, may be that of a generator no
 * longer used.
 *
 * Not for the randomness of a run, which is `Prng`: Envoy's bounded load seeds one with a request's hash, so that the order in which a request asks
 * other hosts belongs to the request.
 *
 * Source: Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998, with the seeding of 2002 (std::mt19937).
 */
export function mt19937(seed: number, state = new Int32Array(SIZE)): () => number {
  state[0] = seed;
  for (let i = 1; i < SIZE; i += 1) {
    const before = state[i - 1]!;
    state[i] = Math.imul(before ^ (before >>> 30), 1_812_433_253) + i;
  }
  let at = SIZE;
  return () => {
    if (at === SIZE) {
      twist(state);
      at = 0;
    }
    let drawn = state[at++]!;
    drawn ^= drawn >>> 11;
    drawn ^= (drawn << 7) & 0x9d2c5680;
    drawn ^= (drawn << 15) & 0xefc60000;
    return (drawn ^ (drawn >>> 18)) >>> 0;
  };
}

function twist(state: Int32Array): void {
  for (let i = 0; i < SIZE; i += 1) {
    const joined = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
    state[i] = state[(i + MIDDLE) % SIZE]! ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
  }
}

const SIZE = 624;
const MIDDLE = 397;
