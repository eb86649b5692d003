import { Prng } from '../../core/prng.ts';
import { hashRing } from '../../pickers/hash-ring.ts';
import { envoyRow } from '../../pickers/maglev-rows.ts';
import { maglevTable } from '../../pickers/maglev-table.ts';
import { KeyedPool } from './keyed-pool.ts';
import { has, numberOf, toleranceOf } from './row.ts';
import type { Check, Kind } from './row.ts';
import { namesFrom } from './rings.ts';

/** How even a Maglev table is, and how much of it changes when backends leave. */
export const maglevTables: Kind = {
  name: 'Maglev tables',
  takes: (row) => has(row, 'backends', 'table', 'remove'),
  measure(row, { seed }) {
    const count = numberOf(row, 'backends');
    const size = numberOf(row, 'table');
    const lost = numberOf(row, 'remove');
    const names = namesFrom(new Prng(seed).fork('maglev'), count);
    const rows = names.map((name) => ({ ...envoyRow(name, size), weight: 1 }));
    const before = maglevTable('paper', size, rows);
    // Names are random, so the last ones are as good as any; who stays keeps its index.
    const after = maglevTable('paper', size, rows.slice(0, count - lost));
    const got = [...evenness(before, count), ...changes(before, after, count - lost)];
    return { got, requests: size, checks: checksOf(row.expected as number[], got, toleranceOf(row, 1)) };
  },
};

/** The rows state it in their note: of the largest and the least share. */
const EVENNESS = 0.003;

function checksOf(expected: readonly number[], got: readonly number[], tolerance: number): Check[] {
  return expected.map((each, index) => ({
    expected: each,
    got: got[index],
    tolerance: index < 2 ? EVENNESS : tolerance,
  }));
}

function evenness(table: Int32Array, count: number): [number, number] {
  const slots = new Array<number>(count).fill(0);
  for (const owner of table) slots[owner]! += 1;
  const average = table.length / count;
  return [Math.max(...slots) / average, Math.min(...slots) / average];
}

/** Of all slots, the share that changed, and the share that changed though its owner stayed. */
function changes(before: Int32Array, after: Int32Array, staying: number): [number, number] {
  let all = 0;
  let needless = 0;
  before.forEach((owner, slot) => {
    if (owner === after[slot]) return;
    all += 1;
    if (owner < staying) needless += 1;
  });
  return [all / before.length, needless / before.length];
}

/** Consistent hashing with bounded loads: keys in random order, each to the first node along the ring that has room. */
export const boundedRings: Kind = {
  name: 'a ring with bounded loads',
  takes: (row) => has(row, 'nodes', 'vnodes', 'keys', 'capacity'),
  measure(row, { seed, quick }) {
    const rings = quick && numberOf(row, 'vnodes') >= 100 ? QUICK_RINGS : RINGS;
    const expected = row.expected as readonly [number, number, number, number];
    const world = {
      nodes: numberOf(row, 'nodes'),
      points: numberOf(row, 'vnodes'),
      keys: numberOf(row, 'keys'),
      // The bound itself is the first of the expected figures.
      factor: expected[0],
    };
    const found = Array.from({ length: rings }, (_, ring) => bounded(world, new Prng(seed).fork(`bounded ${ring}`)));
    const worst = Math.max(...found.map(({ most }) => most));
    const mean = (of: (one: (typeof found)[number]) => number) =>
      found.reduce((sum, one) => sum + of(one), 0) / found.length;
    const got = [worst, mean(({ most }) => most), mean(({ spilled }) => spilled), mean(({ moved }) => moved)];
    const tolerance = toleranceOf(row, 1);
    // A bound of whole keys: the capacity is rounded up to one.
    const rounded = Math.ceil((world.factor * world.keys) / world.nodes) / (world.keys / world.nodes);
    return {
      got,
      requests: rings * world.keys,
      checks: [
        { expected: rounded, got: worst, tolerance: 0, bound: 'at most' },
        ...expected.slice(1).map((each, index) => ({ expected: each, got: got[index + 1], tolerance })),
      ],
    };
  },
};

/** The shares of one ring scatter by a tenth: the mean of so many by half a hundredth, a quarter of the tolerance. */
const RINGS = 400;
/** Many points scatter by far less than one each, so some rings do for them. */
const QUICK_RINGS = 40;

interface Bounded {
  readonly nodes: number;
  readonly points: number;
  readonly keys: number;
  readonly factor: number;
}

function bounded({ nodes, points, keys, factor }: Bounded, rng: Prng) {
  const names = namesFrom(rng, nodes);
  const order = Array.from({ length: keys }, () => rng.int(0x1000000));
  const insert = (addresses: readonly string[], most: number) => {
    const places = addresses.map((address) => ({ address, maxConnections: most }));
    const pool = new KeyedPool(hashRing({ points }), places, rng);
    return { owners: order.map((key) => pool.send(key)), pool };
  };
  const capacityFor = (count: number) => Math.ceil((factor * keys) / count);
  const limited = insert(names, capacityFor(nodes));
  const free = insert(names, Infinity);
  const fewer = insert(names.slice(0, -1), capacityFor(nodes - 1));
  const differ = (a: readonly number[], b: readonly number[]) => a.filter((owner, at) => owner !== b[at]).length / keys;
  return {
    most: Math.max(...limited.pool.loads) / (keys / nodes),
    spilled: differ(limited.owners, free.owners),
    moved: differ(limited.owners, fewer.owners),
  };
}
