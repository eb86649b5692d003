/**
 * Random as HAProxy has it (`random(n)`): draws n points on the ring of its consistent hashing, each the nearest server's, and takes the server with fewer requests in
 * flight / weight; on a tie, the one drawn later. If the one taken is full, the request waits for a place (here: it declines). Option: `draws`, 2 unless set.
 *
 * Points of a ring stand unevenly: with 16 for each unit of weight, shares of equal servers differ by half (measured: 14 % to 23 % where 20 % is due). Larger weights
 * even that out.
 *
 * Cost: O(log points) a draw; O(points) a change of the pool, 8 bytes a point. Full servers stay on the ring.
 *
 * Fails when: weights are 1, as said. A draw can repeat the server before, and then compares nothing: of few servers the busiest is chosen often.
 *
 * Source: HAProxy, backend.c (get_server_rnd), as of 2.6; recorded shares in test/conformance. Newer ones settle ties by the lower request rate of the last second.
 * It is HAProxy's default algorithm since 3.3.
 */
import type { Backend, Picker } from '../core/policy.ts';
import { haproxyRing, nearestPoint } from './haproxy-consistent-hash.ts';

const POINTS = 16;

export function haproxyRandom({ draws = 2 }: { readonly draws?: number } = {}): Picker {
  let members: readonly Backend[] = [];
  let ring = haproxyRing([], []);

  return {
    skipsFull: true,
    onPoolChange(backends) {
      members = backends.slice();
      ring = haproxyRing(
        members.map(({ number }) => number),
        members.map(({ weight }) => Math.max(1, Math.floor(weight * POINTS))),
      );
    },
    pick(_backends, { tried }, { rng }) {
      // As with hashing, a retry steps over the server that failed last.
      const avoid = tried.length > 0 ? tried[tried.length - 1] : undefined;
      let best: Backend | undefined;
      for (let drawn = 0; drawn < draws; drawn += 1) {
        const server = from(nearestPoint(ring, rng.int(0x100000000)), avoid);
        if (best === undefined || !busier(server, best)) best = server;
      }
      return best === undefined || best.full ? undefined : best;
    },
  };

  function from(point: number, avoid: Backend | undefined): Backend {
    for (let step = 0; step < ring.size; step += 1) {
      const server = members[ring.owners[(point + step) % ring.size]!]!;
      if (server !== avoid) return server;
    }
    return members[ring.owners[point]!]!;
  }
}

function busier(one: Backend, other: Backend): boolean {
  return one.inFlight * other.weight > other.inFlight * one.weight;
}
