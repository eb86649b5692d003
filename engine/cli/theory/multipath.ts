import { Prng } from '../../core/prng.ts';
import { hashThreshold, modulo, resilientTable, withoutHop } from '../../world/ecmp.ts';
import { has, NotApplicable, numberIn, numberOf, textOf } from './row.ts';
import type { Kind, Row } from './row.ts';

/** Flows over next hops of equal cost, one of which dies: the share of flows that another hop gets. */
export const multipath: Kind = {
  name: 'flows that move when a next hop dies',
  takes: (row) =>
    has(row, 'scheme', 'from_', 'to') && /threshold|resilient|ECMP|multipath|modulo/i.test(textOf(row, 'scheme')),
  measure(row, { seed }) {
    const flows = row.requests_needed ?? FLOWS;
    const hops = numberOf(row, 'from_');
    if (numberOf(row, 'to') !== hops - 1) throw new NotApplicable('one next hop dies here, not more');
    const rng = new Prng(seed).fork('flows');
    const hashes = Uint32Array.from({ length: flows }, () => rng.u32());
    const shares = Array.from({ length: hops }, (_, lost) => movedShare(schemeOf(row), hashes, hops, lost));
    const average = shares.reduce((sum, share) => sum + share, 0) / hops;
    if (!Array.isArray(row.expected)) return { got: average, requests: flows };
    if (row.expected.length !== 3)
      throw new NotApplicable('three figures are measured here: on average, the middle one, one at an end');
    return { got: [average, shares[Math.floor(hops / 2)], shares[0]], requests: flows };
  },
};

const FLOWS = 100_000;
const SPACE = 0x100000000;

export type Scheme = (hash: number, hops: number, lost: number | undefined) => number;

/** Which hop a flow takes, by its place among all of them; `lost` is no longer there. */
export function schemeOf(row: Row): Scheme {
  const text = textOf(row, 'scheme');
  if (/threshold/i.test(text)) return byThreshold;
  if (/resilient/i.test(text)) return byTable(numberIn(text, /(\d+) buckets/) ?? 128);
  return byModulo;
}

const among = (index: number, lost: number | undefined) => (lost !== undefined && index >= lost ? index + 1 : index);

export const byThreshold: Scheme = (hash, hops, lost) =>
  among(hashThreshold(hash, SPACE, lost === undefined ? hops : hops - 1), lost);

export const byModulo: Scheme = (hash, hops, lost) => among(modulo(hash, lost === undefined ? hops : hops - 1), lost);

export function byTable(buckets: number): Scheme {
  const tables = new Map<number | undefined, Int32Array>();
  return (hash, hops, lost) => {
    let table = tables.get(lost);
    if (table === undefined) {
      const all = Array.from({ length: hops }, (_, hop) => hop);
      const whole = resilientTable(buckets, all);
      const left = all.filter((hop) => hop !== lost);
      table = lost === undefined ? whole : withoutHop(whole, lost, left);
      tables.set(lost, table);
    }
    return table[hash % buckets]!;
  };
}

export function movedShare(scheme: Scheme, hashes: Uint32Array, hops: number, lost: number): number {
  let moved = 0;
  for (const hash of hashes) if (scheme(hash, hops, undefined) !== scheme(hash, hops, lost)) moved += 1;
  return moved / hashes.length;
}
