/**
 * Deterministic aperture: of a large pool each client uses only an arc, laid so that all clients together use every backend alike.
 *
 * Backends lie side by side on a ring of length 1, each as long as its weight's part. Client k of C starts at k / C, and its arc is as long as `aperture` backends, rounded up to a
 * whole number of clients' parts: so arcs of all clients cover the ring equally often. A backend at the end of an arc belongs to it in part. Within: two
 * different ones are drawn by their parts, and the one with less in flight for its part is taken; on a tie the first.
 *
 * Options: `instance`, k, from 0; `instances`, C; `aperture`, 12 unless said.
 *
 * Cost: O(log n) a pick, O(n) a change, memory for two numbers a backend of the arc.
 *
 * Fails when: clients do not know how many they are, or one of them has most of the traffic: its arc alone bears it. When all of an arc are out, all backends are used.
 *
 * Source: Finagle, DeterministicAperture, WeightedAperture and Ring.
 *
 * Real systems: Finagle, where 12 is the least aperture. Envoy has had a deterministic aperture as part of its ring hash.
 */
import { invariant } from '../core/invariant.ts';
import type { Backend, Picker } from '../core/policy.ts';

export interface ApertureOptions {
  readonly instance?: number;
  readonly instances?: number;
  readonly aperture?: number;
}

export function deterministicAperture({ instance = 0, instances = 1, aperture = 12 }: ApertureOptions = {}): Picker {
  invariant(
    instance < instances,
    `deterministic-aperture: instances count from 0, so of ${instances} the last is ${instances - 1}; found ${instance}`,
  );
  let all: readonly Backend[] = [];
  let inside: readonly Backend[] = [];
  /** ends[i]: the sum of the parts of the first i + 1 inside. */
  let ends = new Float64Array(0);

  const startOf = (at: number) => (at === 0 ? 0 : ends[at - 1]!);
  const loadOf = (at: number) => inside[at]!.inFlight / (ends[at]! - startOf(at));

  function at(point: number): number {
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (point < ends[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  return {
    onMembersChange(members) {
      all = members.slice();
    },
    onPoolChange(backends) {
      const ring = all.length === 0 ? backends : all;
      const eligible = new Set(backends);
      const width = apertureWidth(instances, ring.length, Math.min(aperture, ring.length));
      const parts = overlaps(normalised(ring.map(({ weight }) => weight)), instance / instances, width);
      const chosen = ring.flatMap((backend, i) => (parts[i]! > 0 && eligible.has(backend) ? [i] : []));
      inside = chosen.length > 0 ? chosen.map((i) => ring[i]!) : backends.slice();
      let sum = 0;
      ends = Float64Array.from(inside, ({ weight }, i) => (sum += chosen.length > 0 ? parts[chosen[i]!]! : weight));
    },
    pick(_backends, _request, ctx) {
      const total = ends[ends.length - 1]!;
      const first = at(ctx.rng.float() * total);
      if (inside.length === 1) return inside[first];
      // The second is drawn from what the first leaves: a point at or behind its start moves on by its length.
      const start = startOf(first);
      const length = ends[first]! - start;
      const point = ctx.rng.float() * (total - length);
      let second = at(point < start ? point : point + length);
      // Rounding may end in the first after all.
      if (second === first) second = first > 0 ? first - 1 : 1;
      return loadOf(first) <= loadOf(second) ? inside[first] : inside[second];
    },
  };
}

/** The length of an arc of `aperture` of `servers`, in whole parts of `clients`, at most 1. */
export function apertureWidth(clients: number, servers: number, aperture: number): number {
  const part = 1 / clients;
  return Math.min(1, Math.ceil((aperture * (1 / servers)) / part) * part);
}

/** The same weights with the sum 1. */
export function normalised(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** How much of each backend lies within the arc from `offset`, which may go past the end of the ring. */
export function overlaps(parts: readonly number[], offset: number, width: number): number[] {
  let start = 0;
  return parts.map((part) => {
    const [from, to] = [start, start + part];
    start = to;
    const here = Math.min(to, offset + width) - Math.max(from, offset);
    const wrapped = Math.min(to, offset + width - 1) - from;
    const overlap = Math.max(0, here) + Math.max(0, wrapped);
    return overlap < ROUNDING ? 0 : Math.min(overlap, part);
  });
}

/** Sums of parts are off by less than this: a backend that only touches an arc is not in it. */
const ROUNDING = 1e-12;
