/** Vectors of the hash methods of nginx, HAProxy, Envoy and gRPC. */
import { BackendView } from '../../core/backend.ts';
import { bytesOf } from '../../core/hashes/bytes.ts';
import { crc32 } from '../../core/hashes/crc32.ts';
import { Word64 } from '../../core/hashes/word64.ts';
import type { Backend, Picker, Request } from '../../core/policy.ts';
import { Prng } from '../../core/prng.ts';
import { inKeyOrder } from '../../pickers/grpc-ring-hash.ts';
import { haproxyPoint, haproxyRing, nearestPoint } from '../../pickers/haproxy-consistent-hash.ts';
import { haproxyHash } from '../../pickers/haproxy-key.ts';
import { haproxyMap } from '../../pickers/haproxy-map.ts';
import { haproxySlotCount } from '../../pickers/haproxy-slots.ts';
import { KETAMA_POINTS, ketamaPoints, ketamaRing } from '../../pickers/ketama.ts';
import { nginxHash, nginxHashes } from '../../pickers/nginx-hash.ts';
import { ipHashes, nginxIpHash } from '../../pickers/nginx-ip-hash.ts';
import { unitsOf } from '../../pickers/nginx-rehash.ts';
import type { Hashes } from '../../pickers/nginx-rehash.ts';
import { sharesOf } from '../../pickers/ring-hash.ts';
import { firstAtLeast } from '../../pickers/ring.ts';
import type { Ring } from '../../pickers/ring.ts';
import { LARGEST_RING, wideRing } from '../../pickers/wide-ring.ts';
import { notApplicable, same } from './finding.ts';
import type { Finding, VectorRow } from './finding.ts';
import { requestWith } from './hash-recordings.ts';
import { textsOf } from './text-range.ts';
import { wideRingFacts } from './wide-ring-facts.ts';

export const ringVectors: Readonly<Record<string, (row: VectorRow) => Finding>> = {
  'hash (modulo) with rehash': (row) => {
    const { key } = row.input as { key: string };
    return tries(row, nginxHash({ key: 'header:k' }), nginxHashes('header:k'), requestWith({ headers: { k: key } }));
  },
  ip_hash: (row) =>
    tries(row, nginxIpHash(), ipHashes(), requestWith({ sourceAddress: (row.input as { ip: string }).ip })),
  'ketama-style points (160 per weight unit)': ({ params, input, expected }) => {
    const points = new Uint32Array(KETAMA_POINTS * Number(params.weight ?? 1));
    ketamaPoints((input as { server: string }).server, points);
    return same(
      expected,
      answers(expected, (asked) => {
        const first = /^first_(\d+)_points/u.exec(asked);
        return first ? [...points.subarray(0, Number(first[1]))] : points[Number(/^point_(\d+)$/u.exec(asked)?.[1])];
      }),
    );
  },
  'consistent hash lookup': ({ params, input, expected }) => {
    const ring = nginxRing(params.servers as NginxServer[]);
    const pairs = Array.from({ length: ring.size }, (_, i) => [ring.hashes[i], ring.owners[i]]);
    return same(
      expected,
      answers(expected, (asked) => {
        if (asked === 'points_total') return pairs.length;
        if (asked === 'last_point') return pairs.at(-1);
        if (asked === 'lookup') return Object.fromEntries(keysOf(input).map((key) => [key, looked(ring, key)]));
        return pairs.slice(0, Number(/^first_(\d+)_sorted_points$/u.exec(asked)?.[1]));
      }),
    );
  },
  'consistent hash distribution': (row) => ('servers' in row.params ? nginxShares(row) : haproxyShares(row)),
  'consistent hash disruption': ({ params, input, expected }) => {
    const before = params.before as string[];
    const after = params.after as string[];
    const ringBefore = nginxRing(before.map((name) => ({ name })));
    const ringAfter = nginxRing(after.map((name) => ({ name })));
    const moves = keysOf(input)
      .map((key) => [before[looked(ringBefore, key).server!]!, after[looked(ringAfter, key).server!]!] as const)
      .filter(([from, to]) => from !== to);
    const between = moves.filter(([from, to]) => after.includes(from) && before.includes(to));
    return same(expected, { keys_moved: moves.length, keys_moved_between_surviving_servers: between.length });
  },
  'node key': ({ params, input, expected }) => {
    const { server_id: number, node_index: indices } = input as { server_id: number; node_index: number[] };
    if (!((params['hash-key'] as string | undefined) ?? 'id').startsWith('id'))
      return notApplicable('points here follow the number of a backend, which is what HAProxy hashes by default');
    return same(
      expected,
      indices.map((j) => haproxyPoint(number, j)),
    );
  },
  'hash-type consistent sdbm avalanche': ({ params, input, expected }) => {
    const numbers = params.server_ids as number[];
    const ring = haproxyRing(numbers, pointsFor(params.weights as number[]));
    const hash = avalanched((input as { key: string }).key);
    const at = nearestPoint(ring, hash);
    const next = firstAtLeast(ring, hash) % ring.size;
    return same(expected, { hash, server: ring.owners[at], side: at === next ? 'next' : 'prev' });
  },
  'hash-balance-factor slots': ({ params, input, expected }) => {
    const weights = Float64Array.from(params.effective_weights as number[]);
    const served = (input as { total_served: number }).total_served;
    const factor = Number(params.hash_balance_factor);
    const slots = haproxySlotCount(weights, factor);
    // Alone a server has all slots: that many there are.
    const total = haproxySlotCount(Float64Array.of(1), factor)(0, served);
    return same(expected, { total_slots: total, slots: Array.from(weights, (_, server) => slots(server, served)) });
  },
  'static-rr / map-based map': ({ params, expected }) =>
    same(expected, { map: [...haproxyMap(params.weights as number[])] }),
  'hash-type map-based lookup': ({ params, input, expected }) => {
    const map = haproxyMap(params.weights as number[]);
    return same(
      expected,
      (input as { hashes: string[] }).hashes.map((hash) => map[Number(hash) % map.length]),
    );
  },
  'Envoy ring hash (ketama)': wideRingFacts,
  'gRPC ring hash': ({ params, input, expected }) => {
    const { endpoints } = input as { endpoints: { hash_key: string; weight: number }[] };
    const sorted = inKeyOrder(endpoints, ({ hash_key: key }) => key);
    const keys = sorted.map(({ hash_key: key }) => key);
    const ring = wideRing(
      keys,
      sharesOf(sorted),
      Number(params.min_ring_size ?? 1024),
      Math.min(Number(params.max_ring_size ?? 4096), LARGEST_RING),
    );
    const got = {
      ring_size: ring.owners.length,
      entries_per_endpoint_sorted_by_key: keys.map((_, i) => ring.owners.filter((owner) => owner === i).length),
      ring: [...ring.owners].map((owner, i) => [
        new Word64().set(ring.hashes[i]!, ring.low[i]!).toBigInt().toString(),
        keys[owner],
      ]),
    };
    return same(
      expected,
      answers(expected, (asked) => got[asked as keyof typeof got]),
    );
  },
};

/** What was asked for, each answered; so a row may ask for part of it. */
function answers(expected: unknown, answer: (asked: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.keys(expected as object).map((asked) => [asked, answer(asked)]));
}

/** A row of nginx's hash or ip_hash: whom it picks, and the hashes on the way there. */
function tries({ params, expected }: VectorRow, picker: Picker, hashes: Hashes, request: Request): Finding {
  const weights = params.weights as number[];
  const available = (params.available as (number | boolean)[] | undefined) ?? weights.map(() => 1);
  const members = weights.map((weight, slot) => new BackendView(slot, `p${slot}`, 'a', weight));
  const eligible = members.filter((_, slot) => available[slot]);
  const ctx = { nowUs: 0, rng: new Prng(1) };
  picker.onMembersChange?.(members, ctx);
  picker.onPoolChange?.(eligible, ctx);
  const peer = members.findIndex(sameAs(picker.pick(eligible, request, ctx)));

  const units = unitsOf(Float64Array.from(weights));
  hashes.start(request);
  const steps: [number, number][] = [];
  do {
    const hash = hashes.next();
    steps.push([hash, units[hash % units.length]!]);
  } while (!available[steps.at(-1)![1]] && steps.length <= 20);
  return same(
    expected,
    answers(expected, (asked) => {
      if (asked === 'peer') return peer;
      return asked.endsWith('per_try') ? steps : steps[0]![0];
    }),
  );
}

function sameAs(backend: Backend | undefined): (other: Backend) => boolean {
  return (other) => other === backend;
}

interface NginxServer {
  readonly name: string;
  readonly weight?: number;
}

function nginxRing(servers: readonly NginxServer[]): Ring {
  return ketamaRing(
    servers.map(({ name }) => name),
    servers.map(({ weight = 1 }) => weight),
  );
}

function looked(ring: Ring, key: string): { crc32: number; point_index: number; server: number | undefined } {
  const hash = crc32(bytesOf(key));
  const at = firstAtLeast(ring, hash) % ring.size;
  return { crc32: hash, point_index: at, server: ring.owners[at] };
}

function nginxShares({ params, input, expected }: VectorRow): Finding {
  const servers = params.servers as NginxServer[];
  const ring = nginxRing(servers);
  const owners = keysOf(input).map((key) => looked(ring, key).server);
  return same(expected, { counts_per_server: servers.map((_, i) => owners.filter((owner) => owner === i).length) });
}

function haproxyShares({ params, input, expected }: VectorRow): Finding {
  const weights = params.weights as number[];
  const numbers = (params.server_ids as number[] | undefined) ?? weights.map((_, i) => i + 1);
  const whole = haproxyRing(numbers, pointsFor(weights));
  const less = haproxyRing(numbers.slice(0, -1), pointsFor(weights.slice(0, -1)));
  const hashes = keysOf(input).map(avalanched);
  const owners = hashes.map((hash) => whole.owners[nearestPoint(whole, hash)]!);
  const later = hashes.map((hash) => less.owners[nearestPoint(less, hash)]!);
  const last = weights.length - 1;
  return same(expected, {
    nodes: whole.size,
    hits: weights.map((_, i) => owners.filter((owner) => owner === i).length),
    moved_when_last_removed: owners.filter((owner, i) => owner !== later[i]).length,
    moved_between_survivors: owners.filter((owner, i) => owner !== later[i] && owner !== last).length,
  });
}

/** HAProxy's points by weight. */
function pointsFor(weights: readonly number[]): number[] {
  return weights.map((weight) => weight * 16);
}

const hashOfHeader = haproxyHash({ key: 'header:k', avalanche: true });
function avalanched(key: string): number {
  return hashOfHeader(requestWith({ headers: { k: key } }))!;
}

function keysOf(input: unknown): readonly string[] {
  return textsOf((input as { keys: string | string[] }).keys);
}
