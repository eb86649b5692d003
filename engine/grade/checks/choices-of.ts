import type { Backend } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check, SeenPick } from '../check.ts';
import { chanceBounds } from '../tolerance.ts';

/**
 * The least busy of `d` different random candidates is picked. Two things follow. Exactly: at least d - 1 others are as busy as the one picked or busier. By
 * chance: how often the picked one has k less busy backends beside it agrees with the draw, give or take what chance allows (tolerance.ts).
 *
 * Of n backends with c of the same load and m busier ones, C(c + m, d) - C(m, d) of C(n, d) draws end at that load.
 */
export function choicesOf(d: number): Check {
  return {
    watch(_scenario, report) {
      const ranks = new Map<number, Tally>();
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
          tally(ranks, seen, chose, d);
        },
        end() {
          for (const [lessBusy, { count, expected }] of ranks) {
            const { low, high } = chanceBounds(picks, expected);
            if (count >= low && count <= high) continue;
            report(
              breachAt(last!, {
                title: `the ranks of those picked do not agree with ${d} random candidates`,
                request: last!.request.id,
                chose: `a backend with ${lessBusy} less busy beside it in ${count} of ${picks} picks`,
                better: `about ${Math.round(expected)}: chance leads to ${low} to ${high}`,
              }),
            );
          }
        },
      };
    },
  };
}

interface Tally {
  count: number;
  expected: number;
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

function tally(ranks: Map<number, Tally>, { backends }: SeenPick, chose: Backend, d: number): void {
  const n = backends.length;
  const loads = backends.map(({ inFlight }) => inFlight).sort((a, b) => a - b);
  const draws = choose(n, Math.min(d, n));
  for (let first = 0; first < n;) {
    const load = loads[first]!;
    let end = first;
    while (end < n && loads[end] === load) end += 1;
    const known = ranks.get(first) ?? { count: 0, expected: 0 };
    ranks.set(first, known);
    known.expected += (choose(n - first, Math.min(d, n)) - choose(n - end, Math.min(d, n))) / draws;
    if (chose.inFlight === load) known.count += 1;
    first = end;
  }
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 0; i < k; i += 1) ways *= (n - i) / (i + 1);
  return n < k ? 0 : ways;
}
