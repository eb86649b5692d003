import { ln } from '../../core/maths.ts';
import type { Backend } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check } from '../check.ts';
import { BAD_LUCK } from '../tolerance.ts';

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
        let least = chose;
        let leastLoad = load(chose);
        for (const backend of backends) {
          const own = load(backend);
          if (own >= leastLoad) continue;
          least = backend;
          leastLoad = own;
        }
        if (load(chose) <= leastLoad + slack) return;
        report(
          breachAt(seen, {
            title: 'a busier backend is picked',
            request: request.id,
            chose: `${chose.id} with ${short(load(chose))} ${called}`,
            better: `${least.id} with ${short(leastLoad)}`,
            backends: { chose: chose.id, better: least.id },
          }),
        );
      },
    }),
  };
}

/** P(never picked) = product of (1 - 1/k) <= exp(-sum of 1/k): from here on it is no bad luck. */
const SURELY = -ln(BAD_LUCK);

/**
 * Among those with the least no fixed order decides: whoever ties again and again is picked now and then. Draws and turns both do that; with the first of the list, or
 * the first by name, the last never gets a tie.
 */
export function tiesSpread({ load = inFlight }: Pick<Loads, 'load'> = {}): Check {
  return {
    watch(_scenario, report) {
      /** What equal chances would have given to whom no tie has gone yet; minus infinity for the others. */
      const owed = new Map<Backend, number>();
      return {
        pick(seen) {
          const { backends, chose, request } = seen;
          if (chose === undefined) return;
          const least = load(chose);
          let ties = 0;
          for (const backend of backends) {
            const own = load(backend);
            if (own < least) return;
            if (own === least) ties += 1;
          }
          if (ties < 2) return;
          owed.set(chose, -Infinity);
          for (const backend of backends) {
            if (load(backend) !== least) continue;
            const before = owed.get(backend) ?? 0;
            if (before === -Infinity) continue;
            const after = before + 1 / ties;
            owed.set(backend, after);
            if (before >= SURELY || after < SURELY) continue;
            report(
              breachAt(seen, {
                title: 'ties always go the same way',
                request: request.id,
                chose: `${chose.id}, and never yet ${backend.id} in a tie`,
                better: `${backend.id} now and then: by draws it would have had ${Math.round(SURELY)} ties by now`,
                backends: { chose: chose.id, better: backend.id },
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
