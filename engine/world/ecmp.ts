/**
 * Equal-cost multipath: how a router spreads flows over next hops of equal cost, by a hash of each flow and without a memory of flows.
 *
 * `hashThreshold` cuts the space of hashes into equal regions, one for each hop in order. Removing one of n moves a share of flows between 1/4 + 1/(4n)
 * (the middle one) and 1/2 (an end). `modulo` takes the remainder; removing one moves (n - 1) / n. A `resilientTable` has many more buckets than hops and
 * hands only a lost hop's buckets to the others: 1/n.
 *
 * Cost: O(1) a packet; the table takes one word per bucket and O(buckets) a change.
 *
 * Fails when: a flow's hop changes under it. The next machine does not know the connection and resets it, unless it hashes on (Maglev) or asks around.
 *
 * Source: RFC 2992 (hash-threshold and modulo, with their disruption). Resilient tables are in the switches of several makers.
 */
import { invariant } from '../core/invariant.ts';

/** `hash` is a whole number below `space`. Answers the index of a hop. */
export function hashThreshold(hash: number, space: number, hops: number): number {
  return Math.floor((hash * hops) / space);
}

export function modulo(hash: number, hops: number): number {
  return hash % hops;
}

/** The hop of each bucket. A flow of hash h is in bucket h mod `buckets`. */
export function resilientTable(buckets: number, hops: readonly number[]): Int32Array {
  invariant(hops.length > 0, 'resilientTable: there is no next hop.');
  return Int32Array.from({ length: buckets }, (_, bucket) => hops[bucket % hops.length]!);
}

/** Gives a hop that has come its part of the buckets, one of `hops`, each from whoever has the most then. */
export function withHop(table: Int32Array, hop: number, hops: number): Int32Array {
  const mended = table.slice();
  const owned = new Map<number, number[]>();
  for (let bucket = 0; bucket < table.length; bucket++) {
    const owner = table[bucket]!;
    const buckets = owned.get(owner);
    if (buckets === undefined) owned.set(owner, [bucket]);
    else buckets.push(bucket);
  }
  for (let given = 0; given < Math.floor(table.length / hops); given++) {
    const richest = [...owned.values()].reduce((most, buckets) => (buckets.length > most.length ? buckets : most));
    mended[richest.pop()!] = hop;
  }
  return mended;
}

/** Hands the buckets of a lost hop to the `left` ones in turn; all others stay where they are. */
export function withoutHop(table: Int32Array, lost: number, left: readonly number[]): Int32Array {
  invariant(left.length > 0 && !left.includes(lost), 'withoutHop: the hops left are none, or hold the lost one.');
  let turn = 0;
  return table.map((hop) => (hop === lost ? left[turn++ % left.length]! : hop));
}
