import { Prng } from '../../core/prng.ts';
import { ringOfPoints } from '../../pickers/wide-ring.ts';
import { has, NotApplicable, numberOf } from './row.ts';
import type { Kind } from './row.ts';

/** The ring of the papers, on many sets of random names: the shares of the circle that nodes own. */
export const rings: Kind = {
  name: 'arcs of a ring',
  takes: (row) => has(row, 'nodes', 'vnodes') && !has(row, 'capacity'),
  measure(row, { seed }) {
    const nodes = numberOf(row, 'nodes');
    const points = numberOf(row, 'vnodes');
    let sum = 0;
    for (let ring = 0; ring < RINGS; ring += 1) {
      const names = namesFrom(new Prng(seed).fork(`ring ${ring}`), nodes);
      sum += metricOf(row.metric, names, points);
    }
    return { got: sum / RINGS, requests: RINGS };
  },
};

/** As the rows' tolerances have it. */
export const RINGS = 200;

export function namesFrom(rng: Prng, count: number): string[] {
  return Array.from({ length: count }, () => `${rng.u32().toString(16)}${rng.u32().toString(16)}:80`);
}

function metricOf(metric: string, names: readonly string[], points: number): number {
  const shares = sharesOf(names, points);
  const average = 1 / names.length;
  if (/after removing|survivor/.test(metric)) return Math.max(...sharesOf(names.slice(1), points)) / average;
  if (/^max share|^max/.test(metric)) return Math.max(...shares) / average;
  if (/^min/.test(metric)) return Math.min(...shares) / average;
  if (/CV|coefficient of variation/.test(metric)) return deviationOf(shares) / average;
  throw new NotApplicable(`the metric "${metric}" is not measured here`);
}

/** The part of the circle each owns: of every point, the arc that ends there. */
export function sharesOf(names: readonly string[], points: number): number[] {
  const ring = ringOfPoints(names, new Int32Array(names.length).fill(points));
  const shares = new Array<number>(names.length).fill(0);
  const last = ring.size - 1;
  for (let at = 0; at < ring.size; at += 1) {
    const from = at === 0 ? ring.hashes[last]! - CIRCLE : ring.hashes[at - 1]!;
    shares[ring.owners[at]!]! += (ring.hashes[at]! - from) / CIRCLE;
  }
  return shares;
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return Math.sqrt(squares / values.length);
}

const CIRCLE = 0x100000000;
