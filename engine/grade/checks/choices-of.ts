import type { Backend } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check, Report, SeenPick } from '../check.ts';
import { chanceBounds } from '../tolerance.ts';

/**
 * The least busy of `d` different random candidates is picked. Exactly: at least d - 1 others are as busy as the one picked or busier. And by chance, give or
 * take what chance allows (tolerance.ts): how often the picked one has k less busy backends beside it agrees with the draw; so does how often each backend is
 * picked; and a backend is also picked where both its neighbours in the list are less busy.
 *
 * Of n backends with c of the same load and m busier ones, C(c + m, d) - C(m, d) of C(n, d) draws end at that load. At one of the c end from C(m, d - 1) to
 * C(m + c - 1, d - 1) of them: among equals any may be taken.
 */
export function choicesOf(d: number): Check {
  return {
    watch(_scenario, report) {
      const ranks = new Map<number, Tally>();
      const places = new Map<Backend, Tally>();
      const between = newTally();
      let picks = 0;
      let last: SeenPick | undefined;

      return {
        pick(seen) {
          const { chose, backends } = seen;
          if (chose === undefined || backends.length < 2) return;
          const rivals = backends.filter((other) => other !== chose && other.inFlight >= chose.inFlight);
          if (rivals.length < Math.min(d, backends.length) - 1) {
            report(tooBusy(seen, chose, backends));
            return;
          }
          picks += 1;
          last = seen;
          const groups = groupsOf(backends, Math.min(d, backends.length));
          tallyRanks(ranks, groups, chose);
          tallyPlaces(places, between, groups, seen, chose);
        },
        end() {
          if (last === undefined) return;
          judgeRanks(ranks, picks, last, d, report);
          judgePlaces(places, picks, last, d, report);
          judgeBetween(between, picks, last, d, report);
        },
      };
    },
  };
}

/** What came, and what the draw leads to: as much as `least` and `most` where it leaves a choice among equals. */
interface Tally {
  count: number;
  least: number;
  most: number;
}

function newTally(): Tally {
  return { count: 0, least: 0, most: 0 };
}

/** Backends with the same load: where they begin when all are sorted by it, and the chances of the draw. */
interface Group {
  readonly load: number;
  readonly first: number;
  readonly chance: number;
  /** Of one of them. */
  readonly least: number;
  readonly most: number;
}

function groupsOf(backends: readonly Backend[], d: number): Group[] {
  const n = backends.length;
  const loads = backends.map(({ inFlight }) => inFlight).sort((a, b) => a - b);
  const draws = choose(n, d);
  const groups: Group[] = [];
  for (let first = 0; first < n;) {
    const load = loads[first]!;
    let end = first;
    while (end < n && loads[end] === load) end += 1;
    groups.push({
      load,
      first,
      chance: (choose(n - first, d) - choose(n - end, d)) / draws,
      least: choose(n - end, d - 1) / draws,
      most: choose(n - first - 1, d - 1) / draws,
    });
    first = end;
  }
  return groups;
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 0; i < k; i += 1) ways *= (n - i) / (i + 1);
  return n < k ? 0 : ways;
}

function tallyRanks(ranks: Map<number, Tally>, groups: readonly Group[], chose: Backend): void {
  for (const { load, first, chance } of groups) {
    const known = ranks.get(first) ?? newTally();
    ranks.set(first, known);
    known.least += chance;
    known.most += chance;
    if (chose.inFlight === load) known.count += 1;
  }
}

function tallyPlaces(
  places: Map<Backend, Tally>,
  between: Tally,
  groups: readonly Group[],
  { backends }: SeenPick,
  chose: Backend,
): void {
  const byLoad = new Map(groups.map((group) => [group.load, group]));
  for (const [at, backend] of backends.entries()) {
    const { least, most } = byLoad.get(backend.inFlight)!;
    const known = places.get(backend) ?? newTally();
    places.set(backend, known);
    add(known, least, most, backend === chose);
    const neighbours = [backends.at(at - 1)!, backends[(at + 1) % backends.length]!];
    if (neighbours.every(({ inFlight }) => inFlight < backend.inFlight)) add(between, least, most, backend === chose);
  }
}

function add(tally: Tally, least: number, most: number, isChosen: boolean): void {
  tally.least += least;
  tally.most += most;
  if (isChosen) tally.count += 1;
}

function judgeRanks(ranks: Map<number, Tally>, picks: number, last: SeenPick, d: number, report: Report): void {
  for (const [lessBusy, { count, least }] of ranks) {
    const { low, high } = chanceBounds(picks, least);
    if (count >= low && count <= high) continue;
    report(
      breachAt(last, {
        title: `the ranks of those picked do not agree with ${d} random candidates`,
        request: last.request.id,
        chose: `a backend with ${lessBusy} less busy beside it in ${count} of ${picks} picks`,
        better: `about ${Math.round(least)}: chance leads to ${low} to ${high}`,
      }),
    );
  }
}

function judgePlaces(places: Map<Backend, Tally>, picks: number, last: SeenPick, d: number, report: Report): void {
  for (const [backend, { count, least, most }] of places) {
    const [low, high] = [chanceBounds(picks, least).low, chanceBounds(picks, most).high];
    if (count >= low && count <= high) continue;
    report(
      breachAt(last, {
        title: `one backend is picked too ${count < low ? 'seldom' : 'often'} for ${d} random candidates`,
        request: last.request.id,
        chose: `${backend.id} in ${count} of ${picks} picks`,
        better: `about ${Math.round((least + most) / 2)}, by its load at each of them: chance leads to ${low} to ${high}`,
        backends: { chose: backend.id },
      }),
    );
  }
}

function judgeBetween({ count, least, most }: Tally, picks: number, last: SeenPick, d: number, report: Report): void {
  const { low } = chanceBounds(picks, least);
  if (count >= low) return;
  report(
    breachAt(last, {
      title: 'the candidates are neighbours in the list',
      request: last.request.id,
      chose: `a backend whose neighbours on both sides are less busy in ${count} of ${picks} picks`,
      better: `about ${Math.round((least + most) / 2)}, as any ${d} may be drawn together: chance leads to ${low} and more`,
    }),
  );
}

function tooBusy(seen: SeenPick, chose: Backend, backends: readonly Backend[]) {
  const least = backends.reduce((a, b) => (b.inFlight < a.inFlight ? b : a));
  return breachAt(seen, {
    title: 'the busiest of all is picked',
    request: seen.request.id,
    chose: `${chose.id} with ${chose.inFlight} in flight, more than any other`,
    better: `the less busy of two different backends, which ${chose.id} never is; ${least.id} has ${least.inFlight}`,
    backends: { chose: chose.id, better: least.id },
  });
}
