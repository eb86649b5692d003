/** Vectors of Envoy's ring: what a row asks of a ring, answered by ours. */
import { bytesOf } from '../../core/hashes/bytes.ts';
import { Word64 } from '../../core/hashes/word64.ts';
import { sharesOf } from '../../pickers/ring-hash.ts';
import { LARGEST_RING, pointAfter, WIDE_HASHES, wideRing } from '../../pickers/wide-ring.ts';
import type { WideRing } from '../../pickers/wide-ring.ts';
import { same } from './finding.ts';
import type { Finding, VectorRow } from './finding.ts';
import { textsOf } from './text-range.ts';

interface Params {
  readonly minimum_ring_size?: number;
  readonly maximum_ring_size?: number;
  readonly hash_function?: string;
  readonly weights?: readonly number[];
  readonly locality_weights?: readonly number[];
  readonly host_weights?: readonly (readonly number[])[];
  readonly hosts?: string;
}

interface Input {
  readonly hash_keys: string | readonly string[];
  readonly hashes?: string | readonly string[];
  readonly keys?: string | readonly string[];
}

export function wideRingFacts({ params, input, expected }: VectorRow): Finding {
  const settings = params as Params;
  const { hash_keys: named, hashes, keys } = input as Input;
  const hosts = textsOf(named);
  const ring = ringOf(settings, hosts, sharesIn(settings, hosts.length));
  const points = Array.from(ring.owners, (owner, i) => [decimal(ring, i), owner] as const);
  const entries = hosts.map((_, host) => ring.owners.filter((owner) => owner === host).length);
  const asked = hashes === undefined ? hashesOfKeys(keys ?? []) : hashesIn(hashes);
  const owners = asked.map((hash) => ownerOf(ring, hash));

  const answers: Readonly<Record<string, () => unknown>> = {
    ring: () => points,
    ring_size: () => points.length,
    entries_per_host: () => entries,
    min_entries: () => Math.min(...entries),
    max_entries: () => Math.max(...entries),
    entries_host0: () => entries[0],
    other_entries: () => points.filter(([, owner]) => owner !== 0),
    hits: () => hosts.map((_, host) => owners.filter((owner) => owner === host).length),
    lookups: () =>
      (expected as { lookups: { hash: string }[] }).lookups.map(({ hash }) => ({
        hash,
        host: ownerOf(ring, Word64.of(BigInt(hash))),
      })),
    keys_moved_when_last_host_removed: () => movesWithoutLast().length,
    of_which_between_survivors: () => movesWithoutLast().filter((host) => host !== hosts.length - 1).length,
  };

  /** The hosts whose keys move when the last host leaves, one for each key. */
  function movesWithoutLast(): number[] {
    const less = ringOf(settings, hosts.slice(0, -1), sharesIn(settings, hosts.length - 1));
    return owners.filter((owner, i) => owner !== ownerOf(less, asked[i]!));
  }

  function answer(fact: string): unknown {
    if (Object.hasOwn(answers, fact)) return answers[fact]!();
    const first = /^first_(\d+)_entries$/u.exec(fact);
    if (first) return points.slice(0, Number(first[1]));
    const attempts = /^hash_(\d+)_by_attempt$/u.exec(fact);
    if (attempts === null) return undefined;
    const listed = (expected as Record<string, unknown>)[fact] as [number, number][];
    return listed.map(([attempt]) => [attempt, ownerOf(ring, Word64.of(BigInt(attempts[1]!)), attempt)]);
  }

  const facts = Object.keys(expected as object);
  return same(expected, Object.fromEntries(facts.map((fact) => [fact, answer(fact)])));
}

function ringOf(settings: Params, hosts: readonly string[], shares: Float64Array): WideRing {
  const largest = settings.maximum_ring_size ?? LARGEST_RING;
  const smallest = settings.minimum_ring_size ?? Math.min(1024, largest);
  return wideRing(hosts, shares, smallest, largest, settings.hash_function === 'MURMUR_HASH_2' ? 'murmur2' : 'xxh64');
}

/** A host's share is that of its locality times its own in there. */
function sharesIn(settings: Params, hosts: number): Float64Array {
  const { weights, locality_weights: localities, host_weights: inLocality, hosts: said = '' } = settings;
  if (localities === undefined) {
    return sharesOf(Array.from({ length: hosts }, (_, host) => ({ weight: weights?.[host] ?? 1 })));
  }
  const [, from = 0, to = -1, place = 0] = /hosts (\d+)\.\.(\d+) in locality (\d+)/u.exec(said) ?? [];
  const groups =
    inLocality ??
    localities.map((_, locality) =>
      Array.from({ length: hosts }, (__, host) => host)
        .filter((host) => (host >= Number(from) && host <= Number(to) ? Number(place) : 0) === locality)
        .map(() => 1),
    );
  const outer = sharesOf(localities.map((weight) => ({ weight })));
  return Float64Array.from(
    groups.flatMap((group, locality) =>
      [...sharesOf(group.map((weight) => ({ weight })))].map((share) => share * outer[locality]!),
    ),
  );
}

function ownerOf(ring: WideRing, hash: Word64, attempt = 0): number {
  return ring.owners[pointAfter(ring, hash, attempt)]!;
}

function decimal({ hashes, low }: WideRing, at: number): string {
  return new Word64().set(hashes[at]!, low[at]!).toBigInt().toString();
}

function hashesOfKeys(keys: string | readonly string[]): Word64[] {
  return textsOf(keys).map((key) => WIDE_HASHES.xxh64(bytesOf(key), new Word64()));
}

/** Hashes, or the rule for them: "i * floor((2^64-1)/6000), i = 0..5999". */
function hashesIn(hashes: string | readonly string[]): Word64[] {
  if (typeof hashes !== 'string') return hashes.map((hash) => Word64.of(BigInt(hash)));
  const [, divisor = 1, from = 0, to = 0] = /\/(\d+)\), i = (\d+)\.\.(\d+)/u.exec(hashes) ?? [];
  const step = (2n ** 64n - 1n) / BigInt(divisor);
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Word64.of(step * BigInt(Number(from) + i)));
}
