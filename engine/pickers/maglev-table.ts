/**
 * The table of Maglev hashing, and the ways in which real systems fill it.
 *
 * Each backend has an order of preference over all M slots: offset, offset + skip, offset + 2 skip … modulo M. Backends take turns, and with each turn claim
 * the next slot of their order that is still free, until none is. M is prime, so every skip visits every slot. How often a backend's turn comes is where
 * systems differ, and with it what a weight does:
 * - `paper`: everybody once a round. Weights do nothing.
 * - `envoy`: in round r whoever has r w >= its target, which then grows by the largest weight. The first round is everybody's: a small weight never starves.
 * - `katran-v1`: w turns in a row in the first round, then one each, so that a weight is all but forgotten in a large table.
 * - `katran-v2`: weights add up round by round, and whoever has reached the largest gives that back for a turn.
 * - `cilium`: the turn of slot n begins at backend n mod N and moves on to the first whose (n + 1) w has reached its count.
 *
 * Cost: expected O(M log M) slots looked at, M words and M bytes.
 *
 * Fails when: M is small against the number of backends: a slot more or less is then a large part of a share. M > 100 N keeps it within a percent.
 *
 * Source: Eisenbud et al., "Maglev: a fast and reliable software network load balancer", NSDI 2016, section 3.4. The variants are Envoy's, Katran's and Cilium's.
 */
import { invariant } from '../core/invariant.ts';
import { isPrime, primeFrom, primeUpTo } from '../core/primes.ts';

export type MaglevScheme = 'paper' | 'envoy' | 'katran-v1' | 'katran-v2' | 'cilium';

/** What one backend brings to the table. */
export interface Claimant {
  readonly offset: number;
  readonly skip: number;
  /** Above 0. */
  readonly weight: number;
}

/** Envoy's bound. */
export const LARGEST_TABLE = 5_000_011;

/** What is wrong with a table size, and what to write instead; `undefined` if nothing is. */
export function tableSizeProblem(size: number): string | undefined {
  if (isPrime(size) && size <= LARGEST_TABLE) return undefined;
  if (size > LARGEST_TABLE) return `The table size ${size} is too large; write a prime number up to ${LARGEST_TABLE}.`;
  if (!(size > 2)) return `The table size ${size} is too small; write a prime number such as 65537.`;
  return `The table size ${size} is not a prime number; write ${primeUpTo(size)} or ${primeFrom(size)}.`;
}

/** The index of the claimant of each slot; an empty table if there are none. */
export function maglevTable(scheme: MaglevScheme, size: number, claimants: readonly Claimant[]): Int32Array {
  const problem = tableSizeProblem(size);
  invariant(problem === undefined, problem ?? '');
  if (claimants.length === 0) return new Int32Array(0);
  // Katran fills the ring of a lone backend without asking it.
  const turns = claimants.length === 1 ? TURNS.paper : TURNS[scheme];
  const table = new Slots(size, claimants);
  turns(
    table,
    Float64Array.from(claimants, ({ weight }) => weight),
  );
  return table.owners;
}

/** The slots that are left, and how far each claimant has come in its order. */
class Slots {
  readonly owners: Int32Array;
  free: number;
  // Beside the owners: a byte a slot stays in the nearer caches, and looking for a free one is most of the work.
  readonly #taken: Uint8Array;
  readonly #next: Int32Array;
  readonly #skips: Int32Array;

  constructor(size: number, claimants: readonly Claimant[]) {
    this.owners = new Int32Array(size);
    this.free = size;
    this.#taken = new Uint8Array(size);
    this.#next = Int32Array.from(claimants, ({ offset }) => offset);
    this.#skips = Int32Array.from(claimants, ({ skip }) => skip);
  }

  /** Gives `claimant` the next free slot of its order and answers it. There must be one. */
  claim(claimant: number): number {
    const taken = this.#taken;
    const size = taken.length;
    const skip = this.#skips[claimant]!;
    let slot = this.#next[claimant]!;
    while (taken[slot] !== 0) {
      slot += skip;
      if (slot >= size) slot -= size;
    }
    taken[slot] = 1;
    this.owners[slot] = claimant;
    this.#next[claimant] = slot + skip < size ? slot + skip : slot + skip - size;
    this.free -= 1;
    return slot;
  }
}

/** Deal out turns until no slot is free. */
const TURNS: Readonly<Record<MaglevScheme, (slots: Slots, weights: Float64Array) => void>> = {
  paper(slots, weights) {
    while (slots.free > 0) oneEach(slots, weights.length);
  },

  envoy(slots, weights) {
    const largest = largestOf(weights);
    const targets = new Float64Array(weights.length);
    for (let round = 1; slots.free > 0; round += 1) {
      for (let i = 0; i < weights.length && slots.free > 0; i += 1) {
        if (round * weights[i]! < targets[i]!) continue;
        targets[i]! += largest;
        slots.claim(i);
      }
    }
  },

  'katran-v1'(slots, weights) {
    for (let i = 0; i < weights.length; i += 1) {
      for (let turn = 0; turn < weights[i]! && slots.free > 0; turn += 1) slots.claim(i);
    }
    while (slots.free > 0) oneEach(slots, weights.length);
  },

  'katran-v2'(slots, weights) {
    const largest = largestOf(weights);
    const saved = new Float64Array(weights.length);
    while (slots.free > 0) {
      for (let i = 0; i < weights.length && slots.free > 0; i += 1) {
        saved[i]! += weights[i]!;
        if (saved[i]! < largest) continue;
        saved[i]! -= largest;
        slots.claim(i);
      }
    }
  },

  cilium(slots, weights) {
    const count = weights.length;
    const sum = weights.reduce((total, weight) => total + weight, 0);
    // Weights count only if their mean, cut to a whole number, is above 1.
    const weighted = Math.floor(sum / count) > 1;
    const counts = weights.map((weight) => weight / count);
    for (let n = 0; slots.free > 0; n += 1) {
      let i = n % count;
      while (weighted && (n + 1) * weights[i]! < Math.floor(counts[i]!)) i = i + 1 < count ? i + 1 : 0;
      counts[i]! += sum;
      slots.claim(i);
    }
  },
};

function oneEach(slots: Slots, count: number): void {
  for (let i = 0; i < count && slots.free > 0; i += 1) slots.claim(i);
}

function largestOf(weights: Float64Array): number {
  return weights.reduce((largest, weight) => (weight > largest ? weight : largest), 0);
}

/** The order in which a claimant gets the slots if nobody else asks for any. */
export function orderOf(claimant: Claimant, size: number): number[] {
  const slots = new Slots(size, [claimant]);
  return Array.from({ length: size }, () => slots.claim(0));
}
