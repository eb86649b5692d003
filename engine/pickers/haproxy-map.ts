/**
 * HAProxy's table of servers: `map[slot]` is the index of a server, in as many slots as the weights have parts. static-rr walks it, map-based hashing
 * takes the slot `hash mod length`.
 *
 * As defined, every slot adds each server's weight to its score, takes the first server with the highest score / total in whole steps, and subtracts
 * the total from that one. A score passes a whole step at moments that depend on its weight alone, slot ceil(total k / weight) - 1 for the k-th, and being
 * taken costs one step. So it is enough to give each server a credit at those moments and to take the first with the most.
 *
 * Cost: O(n + total) in time, with a look-up of 6 bits a step; as defined it would be O(n total), 10^8 steps for 10,000 servers.
 *
 * Source: haproxy src/lb_map.c, recalc_server_map.
 */
import { FirstOf } from './first-of.ts';

/** `weights` are whole numbers from 0; who has 0 gets no slot. */
export function haproxyMap(weights: ArrayLike<number>): Int32Array {
  const parts = divided(weights);
  const total = parts.reduce((sum, part) => sum + part, 0);
  const map = new Int32Array(total);
  const credits = new Int32Array(parts.length);
  /** byCredit[c]: the servers that have c credits. */
  const byCredit: FirstOf[] = [];
  /** The servers that get a credit at a slot, as a list through `after`. */
  const due = new Int32Array(total).fill(NONE);
  const after = new Int32Array(parts.length).fill(NONE);
  /** How many credits each was given beside the first. */
  const given = new Int32Array(parts.length);

  function give(server: number): void {
    byCredit[credits[server]!]?.delete(server);
    credits[server]! += 1;
    (byCredit[credits[server]!] ??= new FirstOf(parts.length)).add(server);
    if (given[server]! === parts[server]) return;
    given[server]! += 1;
    const slot = Math.ceil((total * given[server]!) / parts[server]!) - 1;
    after[server] = due[slot]!;
    due[slot] = server;
  }

  function take(): number {
    for (let credit = byCredit.length - 1; ; credit -= 1) {
      const server = byCredit[credit]?.first() ?? NONE;
      if (server === NONE) continue;
      byCredit[credit]!.delete(server);
      credits[server]! -= 1;
      if (credits[server]! > 0) byCredit[credit - 1]!.add(server);
      return server;
    }
  }

  for (let server = 0; server < parts.length; server += 1) if (parts[server]! > 0) give(server);
  for (let slot = 0; slot < total; slot += 1) {
    for (let server = due[slot]!; server !== NONE;) {
      const next = after[server]!;
      give(server);
      server = next;
    }
    map[slot] = take();
  }
  return map;
}

const NONE = -1;

/** The weights divided by their greatest common divisor. */
function divided(weights: ArrayLike<number>): Int32Array {
  let common = 0;
  for (let i = 0; i < weights.length; i += 1) common = divisor(weights[i]!, common);
  return Int32Array.from(weights, (weight) => (common === 0 ? 0 : weight / common));
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
