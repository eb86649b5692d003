import type { Backend } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check, SeenPick } from '../check.ts';
import { chanceBounds } from '../tolerance.ts';

type Load = (backend: Backend) => number;
const inFlight: Load = (backend) => backend.inFlight;

export interface Loads {
  /** What is compared; requests in flight unless said. */
  readonly load?: Load;
  /** What it is called in messages. */
  readonly called?: string;
  /** So much more than the least is still right: 0 unless said. */
  readonly slack?: number;
}

/** Nobody is picked who has more than the least, at the moment of the pick. Exact. */
export function leastLoaded({ load = inFlight, called = 'in flight', slack = 0 }: Loads = {}): Check {
  return {
    watch: (_scenario, report) => ({
      pick(seen) {
        const { chose, backends, request } = seen;
        if (chose === undefined) return;
        const least = backends.reduce((a, b) => (load(b) < load(a) ? b : a));
        if (load(chose) <= load(least) + slack) return;
        report(
          breachAt(seen, {
            title: 'a busier backend is picked',
            request: request.id,
            chose: `${chose.id} with ${short(load(chose))} ${called}`,
            better: `${least.id} with ${short(load(least))}`,
            backends: { chose: chose.id, better: least.id },
          }),
        );
      },
    }),
  };
}

/** Among those with the least, each is picked as often as the others, give or take what chance allows (tolerance.ts): no order decides. */
export function tiesSpread({ load = inFlight }: Pick<Loads, 'load'> = {}): Check {
  return {
    watch(_scenario, report) {
      const tallies = new Map<Backend, { picks: number; chances: number; expected: number }>();
      let last: SeenPick | undefined;
      return {
        pick(seen) {
          const { backends, chose } = seen;
          const least = Math.min(...backends.map(load));
          const tied = backends.filter((backend) => load(backend) === least);
          if (tied.length < 2 || chose === undefined || !tied.includes(chose)) return;
          last = seen;
          for (const backend of tied) {
            const tally = tallies.get(backend) ?? { picks: 0, chances: 0, expected: 0 };
            tallies.set(backend, tally);
            tally.chances += 1;
            tally.expected += 1 / tied.length;
            if (backend === chose) tally.picks += 1;
          }
        },
        end() {
          for (const [{ id }, { picks, chances, expected }] of tallies) {
            const { low, high } = chanceBounds(chances, expected);
            if (picks >= low && picks <= high) continue;
            report(
              breachAt(last!, {
                title: 'ties always go the same way',
                request: last!.request.id,
                chose: `${id} ${picks} times in ${chances} ties`,
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

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
