/**
 * The hash ring of the papers: each backend has so many `points` on a circle of 64-bit hashes, whatever its weight, and a key goes to the first one at or after
 * its hash. A backend that is full, or was tried before, is stepped over to the next point.
 *
 * `factor`, in per cent, bounds the loads: with a requests under way each of n backends takes up to ceil((a + 1) * factor / 100 / n), and who has that many is stepped over
 * as well. Absent: no bound but `maxConnections`.
 *
 * Cost: O(key + log points) a pick, O(points of the full ones) more where some are full, O(points) a change of the pool, 12 bytes a point.
 *
 * Fails when: points are few: a share scatters by sqrt((n - 1) / (n points + 1)) of itself, and with one point each a lost backend's keys all go to one neighbour.
 * Bounded near 100, keys wander far from home.
 *
 * Source: Karger and others, "Consistent hashing and random trees", STOC 1997; Mirrokni, Thorup and Zadimoghaddam, "Consistent hashing with bounded loads", SODA 2018.
 *
 * Real systems: `ketama` (nginx) and `haproxy-consistent-hash` count points by weight, `ring-hash` (Envoy) keeps the size of the ring. They are theirs to the letter.
 */
import { bytesOf } from '../core/hashes/bytes.ts';
import { Word64 } from '../core/hashes/word64.ts';
import type { Backend, Picker, Request } from '../core/policy.ts';
import { requestKey } from '../core/request-key.ts';
import { pointAfter, ringOfPoints, WIDE_HASHES } from './wide-ring.ts';

export interface HashRingOptions {
  readonly key?: string;
  readonly points?: number;
  readonly factor?: number;
}

export function hashRing({ key, points = 100, factor }: HashRingOptions = {}): Picker {
  const keyOf = requestKey(key);
  const hash = new Word64();
  let members: readonly Backend[] = [];
  let ring = ringOfPoints([], new Int32Array(0));
  let active = 0;

  function find(start: number, will: (backend: Backend) => boolean): Backend | undefined {
    for (let step = 0; step < ring.size; step += 1) {
      const backend = members[ring.owners[(start + step) % ring.size]!]!;
      if (will(backend)) return backend;
    }
    return undefined;
  }

  function choose(request: Request): Backend | undefined {
    const most = factor === undefined ? Infinity : Math.ceil(((active + 1) * factor) / 100 / members.length);
    const start = pointAfter(ring, hash);
    const hasRoom = (backend: Backend) => !backend.full && backend.inFlight < most;
    return find(start, (backend) => hasRoom(backend) && !request.tried.includes(backend)) ?? find(start, hasRoom);
  }

  return {
    skipsFull: true,
    onPoolChange(backends) {
      members = backends.slice();
      ring = ringOfPoints(
        members.map(({ address }) => address),
        new Int32Array(members.length).fill(points),
      );
    },
    pick(_backends, request) {
      WIDE_HASHES.xxh64(bytesOf(keyOf(request)), hash);
      return choose(request);
    },
    onRequestStart() {
      active += 1;
    },
    onRequestEnd() {
      active -= 1;
    },
  };
}
