import type { Backend } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check, SeenPick } from '../check.ts';
import { chanceBounds } from '../tolerance.ts';

export interface Shares {
  /** What a backend's share is in proportion to; its weight unless said. */
  readonly of?: (backend: Backend) => number;
  /**
   * At every moment since the list last changed, picks may differ from the exact share by so many. Smooth weighted round robin stays below 1 for two
   * weights and below the number of backends always; a burst of w picks in a row differs by w (1 - share).
   */
  readonly slack?: number;
}

/**
 * Shares follow weights. With `slack`: at every moment, which also forbids bursts. Without it picks may be drawn, and at the end each share may
 * differ by what chance allows (tolerance.ts).
 */
export function sharesWithin({ of = (backend) => backend.weight, slack }: Shares = {}): Check {
  return slack === undefined ? drawn(of) : spaced(of, slack);
}

interface Tally {
  picks: number;
  chances: number;
  expected: number;
}

function count(tallies: Map<Backend, Tally>, { backends, chose }: SeenPick, of: (backend: Backend) => number): void {
  const total = backends.reduce((sum, backend) => sum + of(backend), 0);
  for (const backend of backends) {
    const tally = tallies.get(backend) ?? { picks: 0, chances: 0, expected: 0 };
    tallies.set(backend, tally);
    tally.chances += 1;
    tally.expected += of(backend) / total;
    if (backend === chose) tally.picks += 1;
  }
}

function drawn(of: (backend: Backend) => number): Check {
  return {
    watch(_scenario, report) {
      const tallies = new Map<Backend, Tally>();
      let last: SeenPick | undefined;
      return {
        pick(seen) {
          last = seen;
          count(tallies, seen, of);
        },
        end() {
          for (const [{ id }, { picks, chances, expected }] of tallies) {
            const { low, high } = chanceBounds(chances, expected);
            if (picks >= low && picks <= high) continue;
            report(
              breachAt(last!, {
                title: 'shares do not follow the weights',
                request: last!.request.id,
                chose: `${id} ${picks} times in ${chances} picks`,
                better: `about ${Math.round(expected)} times: chance leads to ${low} to ${high}`,
                backends: picks < low ? { better: id } : { chose: id },
              }),
            );
          }
        },
      };
    },
  };
}

/** Sums of shares are off by the rounding of doubles: far below this in a million picks. */
const ROUNDING = 1e-6;

function spaced(of: (backend: Backend) => number, slack: number): Check {
  return {
    watch(_scenario, report) {
      const pools = new Map<string, { weights: string; tallies: Map<Backend, Tally> }>();
      return {
        pick(seen) {
          const { backends, pool, chose } = seen;
          const weights = backends.map((backend) => `${backend.id}:${of(backend)}`).join();
          let since = pools.get(pool);
          // From a change on a new account begins: what was owed before is nobody's debt.
          if (since?.weights !== weights) pools.set(pool, (since = { weights, tallies: new Map() }));
          count(since.tallies, seen, of);
          if (chose === undefined) return;
          const { picks, expected } = since.tallies.get(chose)!;
          if (picks - expected <= slack + ROUNDING) return;
          const due = [...since.tallies].reduce((a, b) =>
            b[1].expected - b[1].picks > a[1].expected - a[1].picks ? b : a,
          )[0];
          report(
            breachAt(seen, {
              title: 'picks come in bursts, or shares do not follow the weights',
              request: seen.request.id,
              chose: `${chose.id}, which is ${(picks - expected).toFixed(2)} picks ahead of its share`,
              better: `${due.id}, which is the farthest behind; nobody may be more than ${slack} ahead`,
              backends: { chose: chose.id, better: due.id },
            }),
          );
        },
      };
    },
  };
}
