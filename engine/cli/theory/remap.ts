import { Word64 } from '../../core/hashes/word64.ts';
import type { Picker } from '../../core/policy.ts';
import { Prng } from '../../core/prng.ts';
import { haproxyMapHash } from '../../pickers/haproxy-map-hash.ts';
import { hashRing } from '../../pickers/hash-ring.ts';
import { jumpBucket, jumpHash } from '../../pickers/jump-hash.ts';
import { rendezvous } from '../../pickers/rendezvous.ts';
import { KeyedPool } from './keyed-pool.ts';
import { has, numberOf, textOf, toleranceOf } from './row.ts';
import type { Check, Kind, Measured, Row, Setting } from './row.ts';

/** Keys before and after the last backend leaves or another joins: how many move, and do any move between those that stay? */
export const remap: Kind = {
  name: 'keys that move when the pool changes',
  takes: (row) => has(row, 'scheme', 'from_', 'to') && /\bring|rendezvous|jump|hash mod/i.test(textOf(row, 'scheme')),
  measure: (row, setting) => (/\bmod\b/i.test(textOf(row, 'scheme')) ? modulo(row, setting) : consistent(row, setting)),
};

export const jumpVectors: Kind = {
  name: 'vectors of the jump hash',
  takes: (row) => has(row, 'scheme') && /jump/i.test(textOf(row, 'scheme')) && !has(row, 'from_'),
  measure(row) {
    const triples = row.expected as readonly (readonly [number | string, number, number])[];
    const got = triples.map(([key, buckets]) => [key, buckets, jumpBucket(Word64.of(BigInt(key)), buckets)]);
    return { got, requests: got.length };
  },
};

const KEYS = 100_000;
/** Of nginx and ketama, for each unit of weight; the rows' tolerances are for rings of that size. */
const POINTS = 160;

export interface Moved {
  readonly share: number;
  /** Keys that moved though their backend stayed and is not the new one. */
  readonly betweenSurvivors: number;
}

export function movedKeys(make: () => Picker, from: number, to: number, keys: number, seed: number): Moved {
  const before = KeyedPool.alike(make(), from, new Prng(seed));
  const after = KeyedPool.alike(make(), to, new Prng(seed));
  const stay = Math.min(from, to);
  let moved = 0;
  let betweenSurvivors = 0;
  for (let key = 0; key < keys; key += 1) {
    const was = before.whereIs(key);
    const is = after.whereIs(key);
    if (was === is) continue;
    moved += 1;
    if (was < stay && is < stay) betweenSurvivors += 1;
  }
  return { share: moved / keys, betweenSurvivors };
}

export const SCHEMES = {
  ring: () => hashRing({ points: POINTS }),
  rendezvous: () => rendezvous(),
  jump: () => jumpHash(),
  mod: () => haproxyMapHash({ key: 'source', avalanche: true }),
} as const;

function modulo(row: Row, { seed }: Setting): Measured {
  const keys = row.requests_needed ?? KEYS;
  const { share } = movedKeys(SCHEMES.mod, numberOf(row, 'from_'), numberOf(row, 'to'), keys, seed);
  return { got: share, requests: keys };
}

/** Each scheme that the row names. The ring's own scatter is the row's tolerance; the others scatter as keys do, 4 sqrt(p (1 - p) / keys). */
function consistent(row: Row, { seed }: Setting): Measured {
  const keys = row.requests_needed ?? KEYS;
  const expected = Number(row.expected);
  const named = (['ring', 'rendezvous', 'jump'] as const).filter((name) => textOf(row, 'scheme').includes(name));
  const tolerances = { ring: toleranceOf(row, expected), rendezvous: 0, jump: 0 };
  const byKeys = 4 * Math.sqrt((expected * (1 - expected)) / keys);
  tolerances.rendezvous = byKeys;
  tolerances.jump = byKeys;
  const found = named.map((name) => ({
    name,
    ...movedKeys(SCHEMES[name], numberOf(row, 'from_'), numberOf(row, 'to'), keys, seed),
  }));
  const checks = found.flatMap(({ name, share, betweenSurvivors }): Check[] => [
    { expected, got: share, tolerance: tolerances[name] },
    { expected: 0, got: betweenSurvivors, tolerance: 0 },
  ]);
  return { got: found.map(({ name, share }) => `${name} ${share}`), requests: keys * named.length, checks };
}
