/**
 * Which zone of a pool a request goes to: by configured weights, or so that it stays in the balancer's own zone as far as that is fair.
 *
 * Source: Envoy, load_balancer_impl.cc and edf_scheduler.h.
 */

/** A zone's weight shrinks once fewer of its hosts are healthy than `factor` makes up for: 1.4 allows for 2 in 7 of them. */
export function localityWeight(weight: number, healthy: number, hosts: number, factor: number): number {
  return hosts === 0 ? 0 : weight * Math.min(1, (factor * healthy) / hosts);
}

/**
 * Earliest deadline first: each zone is due again 1/weight after its last turn, and of equally due ones the one that has waited longest goes first. Begins as if
 * `earlier` turns had been taken, so that balancers that start together do not all begin with the same zone. Zones without weight have no turns.
 *
 * Cost: O(zones) a turn. There are few.
 */
export class LocalityTurns {
  private readonly waiting: { readonly zone: number; readonly every: number; dueAt: number }[];

  constructor(weights: readonly number[], earlier = 0) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const zones = weights.flatMap((weight, zone) => {
      if (weight <= 0) return [];
      // Whoever is due by earlier/total has had that turn: together these are at most `earlier`.
      const turns = Math.floor((earlier * weight) / total);
      return [{ zone, every: 1 / weight, turns, lastAt: turns / weight, dueAt: (turns + 1) / weight }];
    });
    this.waiting = zones.sort((one, other) => one.lastAt - other.lastAt);
    const had = zones.reduce((sum, { turns }) => sum + turns, 0);
    for (let left = earlier - had; left > 0 && zones.length > 0; left--) this.next();
  }

  /** The index of the zone whose turn it is; -1 if none has weight. */
  next(): number {
    const { waiting } = this;
    if (waiting.length === 0) return -1;
    let place = 0;
    for (let at = 1; at < waiting.length; at++) if (waiting[at]!.dueAt < waiting[place]!.dueAt) place = at;
    const [turn] = waiting.splice(place, 1);
    turn!.dueAt += turn!.every;
    waiting.push(turn!);
    return turn!.zone;
  }
}

/** Shares are in 1/10,000, cut off. Zones are known by their index. */
export interface ZoneSplit {
  readonly local: readonly number[];
  readonly upstream: readonly number[];
  /** `direct`: everything stays in the balancer's zone. `residual`: `stays` of it does, the rest goes where there is more room than need. */
  readonly mode: 'direct' | 'residual';
  readonly stays: number;
  /** For each zone the residual room of it and of those before it. */
  readonly residual: readonly number[];
}

/**
 * Zone-aware routing: `balancers` in each zone, and `healthy` backends. Balancers carry equal loads, so a zone's share of them is its share of the
 * requests: it keeps those to itself if its share of the backends is as large.
 */
export function zoneSplit(balancers: readonly number[], healthy: readonly number[], own: number): ZoneSplit {
  const local = tenThousandths(balancers);
  const upstream = tenThousandths(healthy);
  if (upstream[own]! >= local[own]!) return { local, upstream, mode: 'direct', stays: 10_000, residual: [] };
  let room = 0;
  const residual = upstream.map((share, zone) => (room += zone === own ? 0 : Math.max(0, share - local[zone]!)));
  return { local, upstream, mode: 'residual', stays: Math.floor((upstream[own]! * 10_000) / local[own]!), residual };
}

/** The zone for one request; `draw(bound)` answers a whole number from 0 to bound - 1. */
export function zoneFor({ mode, stays, residual }: ZoneSplit, own: number, draw: (bound: number) => number): number {
  if (mode === 'direct' || draw(10_000) < stays) return own;
  const room = residual.at(-1)!;
  // Only rounding can leave no room at all.
  if (room === 0) return draw(residual.length);
  const at = draw(room);
  return residual.findIndex((reached) => at < reached);
}

function tenThousandths(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : Math.floor((10_000 * count) / total)));
}
