import type { Backend } from '../../core/policy.ts';
import type { Check, SeenPick } from '../check.ts';
import { BAD_LUCK, chanceBounds } from '../tolerance.ts';
import { count } from '../words.ts';

/**
 * So many picks back. Taking turns, or dealing from a shuffled list, hardly ever repeats the last pick. A generator with few bits of its own comes round after a power of two of
 * draws, and then repeats all.
 */
const LAGS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/**
 * An earlier pick says nothing about the next: among k eligible backends the one picked `lag` picks ago comes again with a chance of 1 / k, give or take what chance allows
 * (tolerance.ts). All lags together may fail an honest solution as often as one comparison.
 */
export function unpredictable(): Check {
  return {
    watch(_scenario, report) {
      const picks = new Map<string, (Backend | undefined)[]>();
      const tallies = LAGS.map((lag) => ({ lag, chances: 0, expected: 0, repeats: 0 }));
      let last: SeenPick | undefined;

      return {
        pick(seen) {
          const { pool, backends, chose } = seen;
          const before = picks.get(pool) ?? [];
          if (!picks.has(pool)) picks.set(pool, before);
          for (const tally of tallies) {
            const then = before[before.length - tally.lag];
            // With one backend there is nothing to foretell.
            if (then === undefined || backends.length < 2 || !backends.includes(then)) continue;
            last = seen;
            tally.chances += 1;
            tally.expected += 1 / backends.length;
            if (chose === then) tally.repeats += 1;
          }
          before.push(chose);
        },
        end() {
          for (const { lag, chances, expected, repeats } of tallies) {
            const { low, high } = chanceBounds(chances, expected, BAD_LUCK / LAGS.length);
            if (last === undefined || (repeats >= low && repeats <= high)) continue;
            const earlier = lag === 1 ? 'twice in a row' : `as ${count(lag, 'pick')} before`;
            report({
              title: `Wrong answer: the next pick can be foretold from the last${lag === 1 ? '' : ' ones'}`,
              decision: last.decision,
              atUs: last.atUs,
              request: last.request.id,
              chose: `the same backend ${earlier} ${repeats} times in ${chances} picks`,
              better: `about ${Math.round(expected)} times: chance leads to ${low} to ${high}, and beyond them once in a billion runs`,
              cost: () =>
                'Several balancers that foretell alike fall into step, and all pick the same backend at the same moment.',
            });
            return;
          }
        },
      };
    },
  };
}
