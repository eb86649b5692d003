import { createHash } from 'node:crypto';
import { Word64 } from '../../core/hashes/word64.ts';
import { jumpBucket } from '../../pickers/jump-hash.ts';
import { ciliumRow, envoyRow, katranRow } from '../../pickers/maglev-rows.ts';
import type { RowStart } from '../../pickers/maglev-rows.ts';
import { maglevTable, orderOf, tableSizeProblem } from '../../pickers/maglev-table.ts';
import type { MaglevScheme } from '../../pickers/maglev-table.ts';
import { slotOfAttempt } from '../../pickers/maglev.ts';
import { notApplicable, same } from './finding.ts';
import type { Finding, VectorFamily, VectorRow } from './finding.ts';
import { replayCaddyHash, scoreVectors } from './scores.ts';

/** Tables of backends, and what comes near them: keys find their backend without a count of requests. */
export const tables: VectorFamily = {
  vectors: {
    'Maglev permutation': permutation,
    'Maglev population': population,
    'Maglev population after backend 1 fails': population,
    'Envoy maglev': envoy,
    'Envoy maglev with locality weights': envoy,
    'Envoy maglev with host-selection retries': retries,
    'Maglev disruption on removal': disruption,
    'Katran Maglev V1': (row) => katran(row, 'katran-v1'),
    'Katran Maglev V2': (row) => katran(row, 'katran-v2'),
    'Katran ring delta V1': (row) => ringDelta(row, 'katran-v1'),
    'Katran ring delta V2': (row) => ringDelta(row, 'katran-v2'),
    'Cilium Maglev': cilium,
    'Cilium weighted Maglev': cilium,
    'jump consistent hash': jump,
    ...scoreVectors,
  },
  recordings: [{ of: /^caddy: .*\(hash\)/, replay: replayCaddyHash }],
};

function jump({ input, expected }: VectorRow): Finding {
  const { key, buckets } = input as { key: string; buckets: number[] };
  return same(
    expected,
    buckets.map((count) => jumpBucket(Word64.of(BigInt(key)), count)),
  );
}

function permutation({ params, input, expected }: VectorRow): Finding {
  return same(expected, orderOf({ ...(input as RowStart), weight: 1 }, Number(params.M)));
}

/** Rows give each backend's order in full; its first two entries are offset and skip. */
function population({ params, input, expected }: VectorRow): Finding {
  const size = Number(params.M);
  const { permutations, backends_left: left } = input as { permutations: number[][]; backends_left?: number[] };
  const names = left ?? permutations.map((_, index) => index);
  const starts = permutations.map(([offset, second]) => ({
    offset: offset!,
    skip: (second! - offset! + size) % size,
    weight: 1,
  }));
  const table = [...maglevTable('paper', size, starts)].map((owner) => names[owner]!);
  // Slots that changed are counted against a table whose backends the row does not give: only the table can be compared.
  return same(pick(expected, ['table']), { table });
}

interface Host {
  readonly index: number;
  readonly key: string;
  readonly weight: number;
  readonly locality: string;
}

function envoy({ params, input, expected }: VectorRow): Finding {
  const size = Number(params.table_size);
  const problem = tableSizeProblem(size);
  if (typeof expected === 'string') return same(/reject/.test(expected), problem !== undefined);
  const hosts = hostsOf(params, input as Readonly<Record<string, unknown>>);
  const table = envoyTable(hosts, size, localityWeights(params, hosts));
  const entries = countsOf(table, hosts.length);
  return sameWhere(expected, {
    table: () => table,
    entries: () => entries,
    offset_skip: () =>
      hosts.map(({ index, key }) => {
        const { offset, skip } = envoyRow(key, size);
        return [index, offset, skip];
      }),
    min_entries: () => Math.min(...entries.filter((count) => count > 0)),
    max_entries: () => Math.max(...entries),
    entries_host0: () => entries[0],
    entries_each_other: () => theOneOf(entries.slice(1)),
    ...digests(table),
    lookup_rule: () => `table[hash mod ${size}]`,
  });
}

function hostsOf(params: VectorRow['params'], input: Readonly<Record<string, unknown>>): Host[] {
  const keys =
    (input.hash_keys as string[] | undefined) ??
    Array.from({ length: Number(input.hosts) }, (_, host) => `127.0.0.1:${host}`);
  const each = Number(input.host_weight_each ?? 1);
  // "locality_weights" beside nothing else: one host in each, or the first host alone against all others.
  const alone = /host 0 alone in locality 0/.test(String(params.hosts));
  const named = params.host_locality as Readonly<Record<string, string>> | undefined;
  const localities = (params.locality_weights as unknown[] | undefined)?.length;
  return keys.map((key, index) => ({
    index,
    key,
    weight: (params.weights as number[] | undefined)?.[index] ?? each,
    locality: named?.[index] ?? String(alone ? Math.min(index, 1) : localities === undefined ? 0 : index % localities),
  }));
}

function localityWeights(params: VectorRow['params'], hosts: readonly Host[]): Readonly<Record<string, number>> {
  const given = params.locality_weights as Readonly<Record<string, number>> | undefined;
  return given === undefined ? Object.fromEntries(hosts.map(({ locality }) => [locality, 1])) : { ...given };
}

/** Envoy gives a locality its weight's part of one, and each host its weight's part of that. */
function envoyTable(hosts: readonly Host[], size: number, weights: Readonly<Record<string, number>>): number[] {
  const all = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const totals = new Map<string, number>();
  for (const { locality, weight } of hosts) totals.set(locality, (totals.get(locality) ?? 0) + weight);
  const taking = hosts
    .filter(({ locality }) => weights[locality]! > 0)
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const claimants = taking.map(({ key, weight, locality }) => ({
    ...envoyRow(key, size),
    weight: (weight * (weights[locality]! / all)) / totals.get(locality)!,
  }));
  return [...maglevTable('envoy', size, claimants)].map((owner) => taking[owner]!.index);
}

function retries({ params, input, expected }: VectorRow): Finding {
  const size = Number(params.table_size);
  const { hash, attempts } = input as { hash: string; attempts: number[] };
  const hosts = hostsOf(params, input as Readonly<Record<string, unknown>>);
  const table = envoyTable(hosts, size, localityWeights(params, hosts));
  return same(
    expected,
    attempts.map((attempt) => table[slotOfAttempt(Word64.of(BigInt(hash)), attempt, size)]),
  );
}

function disruption({ params, input, expected }: VectorRow): Finding {
  const size = Number(params.table_size);
  const removed = (input as { removed: string }).removed;
  const keys = Array.from({ length: Number(params.hosts) }, (_, host) => `10.0.0.${host + 1}:80`);
  const hosts = hostsOf({}, { hash_keys: keys });
  const before = envoyTable(hosts, size, { 0: 1 });
  const after = envoyTable(
    hosts.filter(({ key }) => key !== removed),
    size,
    { 0: 1 },
  );
  const lost = before.filter((owner) => keys[owner] === removed).length;
  const changed = changedSlots(before, after);
  return same(expected, {
    slots_of_removed_host: lost,
    slots_changed_total: changed,
    slots_changed_between_survivors: changed - lost,
  });
}

interface Real {
  readonly hash: number;
  readonly weight: number;
}

function katranTable(scheme: MaglevScheme, size: number, reals: readonly Real[]): number[] {
  const claimants = reals.map(({ hash, weight }) => ({ ...katranRow(Word64.of(BigInt(hash)), size), weight }));
  return [...maglevTable(scheme, size, claimants)].map((owner) => reals[owner]!.hash);
}

function katran({ params, input, expected }: VectorRow, scheme: MaglevScheme): Finding {
  const size = Number(params.ring_size);
  const given = input as { weights?: number[]; hashes?: number[]; reals?: number; weight_each?: number };
  const weights = given.weights ?? Array.from({ length: given.reals! }, () => given.weight_each ?? 1);
  const reals = weights.map((weight, index) => ({ hash: given.hashes?.[index] ?? index, weight }));
  const table = katranTable(scheme, size, reals).map((hash) => reals.findIndex((real) => real.hash === hash));
  const entries = countsOf(table, reals.length);
  return sameWhere(expected, {
    table: () => table,
    entries: () => entries,
    offset_skip: () =>
      reals.map(({ hash }) => {
        const { offset, skip } = katranRow(Word64.of(BigInt(hash)), size);
        return [offset, skip];
      }),
    max_minus_min: () => Math.max(...entries) - Math.min(...entries),
    ...digests(table),
    reals_in_index_order: () => starved(entries, weights),
  });
}

/** What the entries look like when the sum of the weights is above the size of the ring. */
function starved(entries: readonly number[], weights: readonly number[]): string {
  const whole = entries.findIndex((count, index) => count !== weights[index]);
  const rest = entries.slice(whole + 1).every((count) => count === 0);
  const tail = rest ? 'the rest nothing' : 'the rest something';
  return `first ${whole} get exactly their weight, real ${whole} a partial share, ${tail}`;
}

/** Follows the words of a change, one step for each part of the sentence, and counts the slots that change hands. */
function ringDelta({ params, input, expected }: VectorRow, scheme: MaglevScheme): Finding {
  const size = Number(params.ring_size);
  const {
    reals: count = 1,
    weight_each: each = 1,
    change,
  } = input as { reals?: number; weight_each?: number; change: string };
  let reals: Real[] = [];
  let ring: number[] = Array.from({ length: size }, () => -1);
  const steps: number[] = [];
  const become = (next: Real[]) => {
    reals = next;
    // The ring of a service without backends stays as it was.
    const after = next.length === 0 ? ring : katranTable(scheme, size, next);
    const changed = changedSlots(ring, after);
    ring = after;
    return changed;
  };
  const first = Array.from({ length: count }, (_, hash) => ({ hash, weight: each }));
  if (/^one real/.test(change)) steps.push(become(first));
  else become(first);
  for (const words of change.split(/, (?:then )?/)) {
    const [number, weight] = (words.match(/\d+/g) ?? []).map(Number);
    if (/^one real/.test(words)) continue;
    if (/^delete it/.test(words)) steps.push(become(reals.filter(({ hash }) => hash !== 1)));
    else if (/^delete real/.test(words)) steps.push(become(reals.filter(({ hash }) => hash !== number)));
    else if (/^add/.test(words)) steps.push(become([...reals, { hash: reals.length, weight: each }]));
    else if (/^all weights to/.test(words)) steps.push(become(reals.map((real) => ({ ...real, weight: number! }))));
    else if (/^real \d+ to/.test(words)) {
      steps.push(become(reals.map((real) => (real.hash === number ? { ...real, weight: weight! } : real))));
    } else return notApplicable(`the change is told in words that this reader does not know: "${words}"`);
  }
  return same(expected, {
    changed_slots: Array.isArray(pick(expected, ['changed_slots']).changed_slots) ? steps : steps[0],
  });
}

interface CiliumBackend {
  readonly name: string;
  readonly id: number;
  readonly weight: number;
}

function cilium({ params, input, expected }: VectorRow): Finding {
  const size = Number(params.M);
  const seed = /^[A-Za-z0-9+/]{16}/.exec((params.seed as string | undefined) ?? '')?.[0];
  const seedNumber = seed === undefined ? undefined : Buffer.from(seed, 'base64').readUInt32BE(0);
  const { backends } = input as { backends: CiliumBackend[] };
  const sorted = [...backends].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const claimants = sorted.map(({ name, weight }) => ({ ...ciliumRow(name, size, seedNumber), weight }));
  const table = [...maglevTable('cilium', size, claimants)].map((owner) => sorted[owner]!.id);
  const runs = runLengths(table);
  return sameWhere(expected, {
    table: () => table,
    entries: () => backends.map(({ id }) => table.filter((owner) => owner === id).length),
    run_length_encoded_table: () => runs,
    rle_first_200_chars: () => runs.slice(0, 200),
    ...digests(table),
  });
}

function runLengths(table: readonly number[]): string {
  const runs: string[] = [];
  for (let at = 0; at < table.length;) {
    let end = at;
    while (end < table.length && table[end] === table[at]) end += 1;
    runs.push(`${table[at]}(${end - at})`);
    at = end;
  }
  return runs.join(',');
}

/** Compares what the row asks for with what the engine has; a field that nobody here can reckon differs. */
function sameWhere(expected: unknown, known: Readonly<Record<string, () => unknown>>): Finding {
  const asked = Object.keys(expected as object);
  return same(expected, Object.fromEntries(asked.map((field) => [field, known[field]?.()])));
}

function digests(table: readonly number[]): Readonly<Record<string, () => unknown>> {
  return {
    first_32_slots: () => table.slice(0, 32),
    table_sha256_of_comma_joined_indices: () => createHash('sha256').update(table.join(',')).digest('hex'),
  };
}

function pick(from: unknown, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, (from as Record<string, unknown>)[field]]));
}

function countsOf(table: readonly number[], owners: number): number[] {
  const counts = Array.from({ length: owners }, () => 0);
  for (const owner of table) counts[owner]! += 1;
  return counts;
}

function changedSlots(before: readonly number[], after: readonly number[]): number {
  return before.filter((owner, slot) => owner !== after[slot]).length;
}

function theOneOf(values: readonly number[]): unknown {
  return values.every((value) => value === values[0]) ? values[0] : values;
}
