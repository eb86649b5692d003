import { ln } from '../../core/maths.ts';
import type { Backend } from '../../core/policy.ts';
import type { Breach, Check, Runs, SeenPick } from '../check.ts';
import { costToClients } from '../cost.ts';
import { BAD_LUCK, chanceBounds } from '../tolerance.ts';
import { count } from '../words.ts';

/**
 * Each backend gets the share that equal chances give it: of n picks among k eligible ones n / k, give or take what chance allows
 * (tolerance.ts). Where the list changes, each pick counts with the chance it had.
 */
export function equalChance(): Check {
  return {
    watch(_scenario, report) {
      const tallies = new Map<Backend, Tally>();
      let last: SeenPick | undefined;

      return {
        pick(seen) {
          last = seen;
          for (const backend of seen.backends) {
            const tally = tallies.get(backend) ?? { picks: 0, chances: 0, expected: 0, moments: [] };
            tallies.set(backend, tally);
            tallyUp(tally, seen, backend);
          }
        },
        end() {
          const odd = [...tallies].filter(([, tally]) => isOdd(tally)).toSorted(byOddness);
          if (odd[0]) report(breach(odd[0][0], odd[0][1], last!));
        },
      };
    },
  };
}

interface Tally {
  picks: number;
  /** Picks at which the backend was eligible. */
  chances: number;
  /** What they add up to at equal chances. */
  expected: number;
  readonly moments: SeenPick[];
  /** When it was sure that no chance had kept it waiting. */
  missed?: SeenPick;
}

/** P(never picked) = product of (1 - 1/k) <= exp(-expected): from here on it is no bad luck. */
const SURELY = -ln(BAD_LUCK);

function tallyUp(tally: Tally, seen: SeenPick, backend: Backend): void {
  tally.chances += 1;
  tally.expected += 1 / seen.backends.length;
  if (backend === seen.chose) {
    tally.picks += 1;
    tally.moments.push(seen);
  } else if (tally.picks === 0 && tally.expected >= SURELY) tally.missed ??= seen;
}

function isOdd({ picks, chances, expected }: Tally): boolean {
  const { low, high } = chanceBounds(chances, expected);
  return picks < low || picks > high;
}

/** Never picked first, then who is farthest from its share. */
function byOddness([, a]: [Backend, Tally], [, b]: [Backend, Tally]): number {
  const never = Number(b.picks === 0) - Number(a.picks === 0);
  return never || Math.abs(b.picks / b.expected - 1) - Math.abs(a.picks / a.expected - 1);
}

function breach(backend: Backend, tally: Tally, last: SeenPick): Breach {
  const { low, high } = chanceBounds(tally.chances, tally.expected);
  // Too many: the first pick beyond what chance allows. Too few: only the end shows it.
  const moment = tally.missed ?? tally.moments[high] ?? last;
  return {
    title:
      tally.picks === 0
        ? 'Wrong answer: a backend is never picked'
        : 'Wrong answer: the backends do not have equal chances',
    decision: moment.decision,
    atUs: moment.atUs,
    request: moment.request.id,
    chose: `${backend.id} ${count(tally.picks, 'time')} in ${tally.chances} picks`,
    better: `about ${Math.round(tally.expected)} times: chance leads to ${low} to ${high}, and beyond them once in a billion runs`,
    backends: tally.picks < low ? { better: backend.id } : { chose: backend.id },
    cost: (runs) => costOfShare(runs, backend.id),
  };
}

function costOfShare(runs: Runs, id: string): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const yours = runs.yours({ metric: 'share', backends: [id] });
  const reference = runs.reference({ metric: 'share', backends: [id] });
  return `${id} has ${percent(yours)} of the requests; with the reference ${percent(reference)}. ${costToClients(runs)}`.trim();
}
