import type { Backend } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check } from '../check.ts';

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

/** A pair of fair chances goes one way so many times with a probability of 2^-30, once in a billion: then it is no chance. */
const NO_CHANCE = 31;

/**
 * Among those with the least no fixed order decides: of two that tie again and again, each is picked now and then. Draws and turns both do that; the first of the
 * list, or the first by name, does not.
 */
export function tiesSpread({ load = inFlight }: Pick<Loads, 'load'> = {}): Check {
  return {
    watch(_scenario, report) {
      /** How often a backend was picked when it tied with another. */
      const wins = new Map<Backend, Map<Backend, number>>();
      const winsOf = (winner: Backend): Map<Backend, number> => {
        const known = wins.get(winner) ?? new Map<Backend, number>();
        wins.set(winner, known);
        return known;
      };
      return {
        pick(seen) {
          const { backends, chose } = seen;
          if (chose === undefined) return;
          const least = Math.min(...backends.map(load));
          if (load(chose) > least) return;
          const won = winsOf(chose);
          for (const other of backends) {
            if (other === chose || load(other) > least) continue;
            const before = won.get(other) ?? 0;
            won.set(other, before + 1);
            if (winsOf(other).has(chose) || before + 1 !== NO_CHANCE) continue;
            report(
              breachAt(seen, {
                title: 'ties always go the same way',
                request: seen.request.id,
                chose: `${chose.id}, as in each of the ${NO_CHANCE} ties with ${other.id} so far`,
                better: `now and then ${other.id}: by a draw, or by turns`,
                backends: { chose: chose.id, better: other.id },
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
