/**
 * What nginx's `hash` and `ip_hash` have in common: a number modulo the total of all configured weights names a member, and one that is out, full or tried
 * before makes them hash again, up to 20 times; then round robin chooses.
 */
import type { Picker, Request } from '../core/policy.ts';
import { Configured } from './configured.ts';
import { nginxTurns } from './nginx-turns.ts';
import { wholeWeights } from './whole-weights.ts';

/** The hashes of one request, one after another. */
export interface Hashes {
  /** Reads the request's key. False: it has none, and round robin chooses. */
  start(request: Request): boolean;
  /** The first hash after `start`, then that of each further try. */
  next(): number;
}

export function nginxRehash(name: string, hashes: Hashes): Picker {
  const pool = new Configured();
  const turns = nginxTurns(pool);
  /** memberAt[h]: the member that a hash with the rest h names, for each unit of weight. */
  let memberAt: Int32Array = new Int32Array(0);
  let told = false;
  let stale = true;

  /** Goes through the hashes of earlier attempts as well: they end where those did. -1: nobody after 20 tries. */
  function find(request: Request): number {
    const { tried } = request;
    let used = 0;
    for (let misses = 0; misses <= TRIES;) {
      const member = memberAt[hashes.next() % memberAt.length]!;
      if (used < tried.length && pool.list[member] === tried[used]) used += 1;
      else if (used === tried.length && pool.isFree(member, request)) return member;
      else misses += 1;
    }
    return -1;
  }

  return {
    skipsFull: true,
    onMembersChange(members) {
      pool.configure(members);
      told = true;
      stale = true;
    },
    onPoolChange(backends) {
      // Who is not told of members is not told of weights either.
      if (!pool.offer(backends) && told && !stale) return;
      stale = false;
      memberAt = unitsOf(wholeWeights(name, pool.list));
      turns.reset();
    },
    pick(_backends, request) {
      const found = hashes.start(request) ? find(request) : -1;
      const member = found === -1 ? turns.next(request) : found;
      return member === -1 ? undefined : pool.list[member];
    },
  };
}

/** After so many misses nginx gives up hashing. */
const TRIES = 20;

/** Each member's index, as often as its weight says. */
export function unitsOf(weights: Float64Array): Int32Array {
  const units = new Int32Array(weights.reduce((sum, weight) => sum + weight, 0));
  let at = 0;
  weights.forEach((weight, member) => {
    units.fill(member, at, at + weight);
    at += weight;
  });
  return units;
}
