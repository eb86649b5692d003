import { BackendView } from '../../core/backend.ts';
import { Word64 } from '../../core/hashes/word64.ts';
import type { Picker } from '../../core/policy.ts';
import { RequestView } from '../../core/request.ts';
import { firstWithinBounds, slotsInAll, slotsOf } from '../../pickers/bounded-load.ts';
import { CandidateOrder } from '../../pickers/candidate-order.ts';
import { apertureWidth, normalised, overlaps } from '../../pickers/deterministic-aperture.ts';
import { rendezvous, rendezvousHash, weightedScore } from '../../pickers/rendezvous.ts';
import type { RendezvousForm } from '../../pickers/rendezvous.ts';
import { same } from './finding.ts';
import type { Finding, Recording, VectorRow } from './finding.ts';

/** Choices by score, by bound and by arc. */
export const scoreVectors: Readonly<Record<string, (row: VectorRow) => Finding>> = {
  'rendezvous (HRW)': ranking,
  'rendezvous disruption': rendezvousDisruption,
  'Caddy ip_hash (rendezvous, xxh64)': caddyHash,
  'Caddy rendezvous, FNV-1a 32': caddyScores,
  'weighted rendezvous (FNV-1a 64)': traefikScores,
  'weighted rendezvous distribution': traefikHits,
  'MT19937 candidate order': candidateOrder,
  'bounded-load slots': slots,
  'bounded-load host selection': boundedSelection,
  'weight normalisation': ({ input, expected }) => same(expected, normalised(input as number[]), 1e-12),
  'aperture width': width,
  'weighted deterministic aperture': aperture,
};

const ctx = { nowUs: 0, rng: { float: () => 0, int: () => 0 } };

/** Backends by address, or by id where that is what the form hashes. */
function poolOf(names: readonly string[], weights: readonly number[] = []): BackendView[] {
  return names.map((name, slot) => new BackendView(slot, name, 'a', weights[slot] ?? 1, { address: name }));
}

/** The index of the backend that a picker by path answers for this key. */
function choiceOf(picker: Picker, pool: readonly BackendView[], key: string): number {
  const template = { client: 'c', class: 'default', method: 'GET', host: 'h', path: key, headers: {} };
  return pool.indexOf(picker.pick(pool, new RequestView(1, 1, template), ctx) as BackendView);
}

function scoresOf(form: RendezvousForm, names: readonly string[], key: string): Word64[] {
  return names.map((name) => rendezvousHash(form, name, key, new Word64()));
}

function ranking({ params, input, expected }: VectorRow): Finding {
  const names = params.nodes as string[];
  const { key } = input as { key: string };
  const scores = scoresOf('caddy', names, key).map((score) => String(score.toBigInt()));
  // Whoever is best among those not yet ranked comes next.
  const picker = rendezvous({ key: 'path', form: 'caddy' });
  const left = poolOf(names);
  const order: number[] = [];
  while (left.length > 0) {
    const [best] = left.splice(choiceOf(picker, left, key), 1);
    order.push(names.indexOf(best!.id));
  }
  return same(expected, { scores, ranking: order });
}

function rendezvousDisruption({ params, input, expected }: VectorRow): Finding {
  const { keys, removed } = input as { keys: string; removed: string };
  const names = Array.from({ length: Number(params.nodes) }, (_, node) => `10.0.0.${node + 1}:80`);
  const picker = rendezvous({ key: 'path', form: 'caddy' });
  const pool = poolOf(names);
  const rest = pool.filter(({ id }) => id !== removed);
  const hits = names.map(() => 0);
  const moves = { moved: 0, moved_between_survivors: 0 };
  for (let n = 0; n <= lastOf(keys); n += 1) {
    const before = pool[choiceOf(picker, pool, `key-${n}`)]!;
    const after = rest[choiceOf(picker, rest, `key-${n}`)]!;
    hits[pool.indexOf(before)]! += 1;
    if (before === after) continue;
    moves.moved += 1;
    if (before.id !== removed) moves.moved_between_survivors += 1;
  }
  return same(expected, { hits, ...moves });
}

/** The last number in a text such as "key-0 .. key-9999". */
function lastOf(text: string): number {
  return Number(/(\d+)\D*$/.exec(text)?.[1]);
}

function caddyHash({ params, input, expected }: VectorRow): Finding {
  const names = params.upstreams as string[];
  const down = (params.down as number[] | undefined) ?? [];
  const pool = poolOf(names).filter((_, index) => !down.includes(index));
  const picker = rendezvous({ key: 'path', form: 'caddy' });
  const { client_ips: clients } = input as { client_ips: string[] };
  return same(
    expected,
    clients.map((client) => names.indexOf(pool[choiceOf(picker, pool, client)]!.id)),
  );
}

function caddyScores({ params, input, expected }: VectorRow): Finding {
  const names = params.upstreams as string[];
  const { key } = input as { key: string };
  const choice = choiceOf(rendezvous({ key: 'path', form: 'caddy-2023' }), poolOf(names), key);
  const scores = scoresOf('caddy-2023', names, key).map((score) => Number(score.toBigInt()));
  return same(expected, { scores, choice });
}

function traefikScores({ params, input, expected }: VectorRow): Finding {
  const names = params.names as string[];
  const weights = params.weights as number[];
  const { client_ip: client } = input as { client_ip: string };
  const choice = choiceOf(rendezvous({ key: 'path', form: 'traefik' }), poolOf(names, weights), client);
  const scores = scoresOf('traefik', names, client).map((score, index) => weightedScore(score, weights[index]!));
  // The rows have nine digits behind the point.
  return same(expected, { scores, choice }, 1e-8);
}

function traefikHits({ params, input, expected }: VectorRow): Finding {
  const names = params.names as string[];
  const pool = poolOf(names, params.weights as number[]);
  const picker = rendezvous({ key: 'path', form: 'traefik' });
  const hits = names.map(() => 0);
  const { client_ips: clients } = input as { client_ips: string };
  for (let k = 0; k <= lastOf(clients); k += 1) hits[choiceOf(picker, pool, `10.0.${k >> 8}.${k & 255}`)]! += 1;
  return same(expected, { hits });
}

/** Caddy 2.6 and others before 2.8 hash with FNV-1a. What was hashed is in each request. */
export function replayCaddyHash({ backends, requests, picks, version }: Recording): Finding {
  const [, minor] = /v?2\.(\d+)/.exec(String(version)) ?? [];
  const picker = rendezvous({ key: 'path', form: Number(minor) < 8 ? 'caddy-2023' : 'caddy' });
  const pool = poolOf(backends.map(({ address }) => address));
  const got = requests.map((request) => {
    const key = request.key ?? request.uri ?? request.client;
    return backends[choiceOf(picker, pool, String(key))]!.name;
  });
  return same(picks, got);
}

function candidateOrder({ params, input, expected }: VectorRow): Finding {
  const count = Number(params.hosts);
  const order = new CandidateOrder();
  order.start(seedOf(input), count);
  return same(
    expected,
    Array.from({ length: count }, () => order.next()),
  );
}

/** The low 32 bits of the row's hash. */
function seedOf(input: unknown): number {
  return Word64.of(BigInt((input as { hash: number | string }).hash)).lo;
}

function slots({ params, input, expected }: VectorRow): Finding {
  const { cluster_active_requests: active } = input as { cluster_active_requests: number };
  const total = slotsInAll(active, Number(params.hash_balance_factor));
  const each = (params.normalized_weights as number[]).map((share) => slotsOf(total, share));
  return same(expected, { total_slots: total, slots_per_host: each });
}

function boundedSelection({ params, input, expected }: VectorRow): Finding {
  const count = Number(params.hosts);
  const table = (params.base_table as number[] | undefined) ?? Array.from({ length: count }, (_, host) => host);
  const {
    hash,
    overloaded = [],
    overload_factors: factors = {},
  } = input as {
    hash: number | string;
    overloaded?: number[];
    overload_factors?: Readonly<Record<string, number>>;
  };
  // Who is only called overloaded is so by the same amount as the others.
  const overloadOf = (host: number) => factors[host] ?? (overloaded.includes(host) ? 2 : 0);
  const first = table[Word64.of(BigInt(hash)).remainder(table.length)]!;
  if (overloadOf(first) <= 1) return same(expected, first);
  const order = new CandidateOrder();
  order.start(seedOf(input), count);
  return same(expected, firstWithinBounds(first, count, order, overloadOf));
}

function width({ params, input, expected }: VectorRow): Finding {
  const { clients, servers } = input as { clients: number; servers: number };
  const got = apertureWidth(clients, servers, Number(params.logical_aperture));
  // The rows have nine digits behind the point.
  return same(expected, { width: got, arcs_N: Math.round(got * clients), servers_touched_approx: got * servers }, 1e-7);
}

function aperture({ params, input, expected }: VectorRow): Finding {
  const {
    instance,
    instances,
    node_weights: weights,
    nodes,
  } = input as {
    instance: number;
    instances: number;
    node_weights?: number[];
    nodes?: number;
  };
  const parts = normalised(weights ?? Array.from({ length: nodes! }, () => 1));
  const arc = apertureWidth(instances, parts.length, Math.min(Number(params.min_aperture), parts.length));
  const inside = overlaps(parts, instance / instances, arc);
  const got: Record<string, unknown> = {
    nodes_in_aperture: inside.flatMap((overlap, node) => (overlap > 0 ? [node] : [])),
    total_width: inside.reduce((sum, overlap) => sum + overlap, 0),
    width_per_node: inside.map((overlap) => Math.round(overlap * 1e9) / 1e9),
  };
  const asked = Object.keys(expected as object);
  return same(expected, Object.fromEntries(asked.map((field) => [field, got[field]])), 1e-5);
}
