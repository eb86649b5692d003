/**
 * Ketama: a hash ring with 160 points for each unit of weight. A key goes to the first point at or after its hash, round the ring.
 *
 * A server's points follow from its address text and weight alone (each is the CRC32 of host, zero byte, port and the point before), so when one leaves only
 * its keys move, to the next points, and when one joins it takes keys from all and nobody else changes. A server that is out, full or was tried keeps its
 * points and is stepped over.
 *
 * Cost: O(key + log points) a pick, O(points) a change of the configuration, 8 bytes a point; O(n) a change of eligibility.
 *
 * Fails when: points are few: with 160 a server's share scatters by about 1 / sqrt(160) = 8 % of it. A hot key is one server's load, whatever the ring.
 * Two servers with the same address text are one on this ring: the first.
 *
 * Source: nginx `hash … consistent`, ngx_http_upstream_hash_module.c, after Last.fm's libketama of 2007; test/conformance replays recorded picks. The ring of
 * the lessons (DECISIONS.md, 40).
 *
 * Real systems: Envoy and gRPC size the whole ring, not a server's part; HAProxy has 16 points a unit and takes the nearer neighbour. In nginx no key, or more
 * than 20 points stepped over, means round robin.
 */
import { DEFAULT_KEY, keyReader } from '../core/request-key.ts';
import { Bytes, bytesOf } from '../core/hashes/bytes.ts';
import { crc32, crc32Word } from '../core/hashes/crc32.ts';
import type { Picker, Request } from '../core/policy.ts';
import { Configured } from './configured.ts';
import { nginxTurns } from './nginx-turns.ts';
import { firstAtLeast, ringOfFirsts } from './ring.ts';
import type { Ring } from './ring.ts';
import { wholeWeights } from './whole-weights.ts';

export const KETAMA_POINTS = 160;
/** After so many points stepped over nginx gives up hashing. */
const TRIES = 20;

export function ketama({ key = DEFAULT_KEY }: { readonly key?: string } = {}): Picker {
  const read = keyReader(key);
  const pool = new Configured();
  const turns = nginxTurns(pool);
  let ring: Ring = ringOfFirsts(new Uint32Array(0), new Int32Array(0));
  let told = false;
  let stale = true;

  function find(hash: number, request: Request): number {
    let at = firstAtLeast(ring, hash);
    for (let missed = 0; missed <= TRIES; missed += 1) {
      if (at === ring.size) at = 0;
      const member = ring.owners[at]!;
      if (pool.isFree(member, request)) return member;
      at += 1;
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
      ring = ketamaRing(
        pool.list.map(({ address }) => address),
        wholeWeights('ketama', pool.list),
      );
      turns.reset();
    },
    pick(_backends, request) {
      const text = read(request);
      const found = text === undefined || text === '' ? -1 : find(crc32(bytesOf(text)), request);
      const member = found === -1 ? turns.next(request) : found;
      return member === -1 ? undefined : pool.list[member];
    },
  };
}

export function ketamaRing(addresses: readonly string[], weights: ArrayLike<number>): Ring {
  let points = 0;
  for (let i = 0; i < weights.length; i += 1) points += KETAMA_POINTS * weights[i]!;
  const hashes = new Uint32Array(points);
  const owners = new Int32Array(points);
  let at = 0;
  addresses.forEach((address, member) => {
    const end = at + KETAMA_POINTS * weights[member]!;
    owners.fill(member, at, end);
    ketamaPoints(address, hashes.subarray(at, end));
    at = end;
  });
  return ringOfFirsts(hashes, owners);
}

/** Fills `points` with those of the server at this address. */
export function ketamaPoints(address: string, points: Uint32Array): void {
  const text = address.replace(/^unix:/iu, '');
  const port = text === address ? /:([0-9]*)$/u.exec(text) : null;
  const host = port === null ? text : text.slice(0, port.index);
  const base = crc32(
    new Bytes()
      .text(host)
      .byte(0)
      .text(port?.[1] ?? ''),
  );
  let point = 0;
  for (let i = 0; i < points.length; i += 1) {
    point = crc32Word(base, point);
    points[i] = point;
  }
}
