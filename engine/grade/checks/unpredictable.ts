import type { Backend } from '../../core/policy.ts';
import type { Check, SeenPick } from '../check.ts';
import { chanceBounds } from '../tolerance.ts';

/**
 * The last pick says nothing about the next: among k eligible backends the same one comes twice in a row with a chance of 1 / k, give or take
 * what chance allows (tolerance.ts). Taking turns, or dealing from a shuffled list, hardly ever repeats.
 */
export function unpredictable(): Check {
  return {
    watch(_scenario, report) {
      const lastOf = new Map<string, Backend | undefined>();
      let chances = 0;
      let expected = 0;
      let repeats = 0;
      let last: SeenPick | undefined;

      return {
        pick(seen) {
          const before = lastOf.get(seen.pool);
          lastOf.set(seen.pool, seen.chose);
          // With one backend there is nothing to foretell.
          if (before === undefined || seen.backends.length < 2 || !seen.backends.includes(before)) return;
          last = seen;
          chances += 1;
          expected += 1 / seen.backends.length;
          if (seen.chose === before) repeats += 1;
        },
        end() {
          const { low, high } = chanceBounds(chances, expected);
          if (last === undefined || (repeats >= low && repeats <= high)) return;
          report({
            title: 'Wrong answer: the next pick can be foretold from the last',
            decision: last.decision,
            atUs: last.atUs,
            request: last.request.id,
            chose: `the same backend twice in a row ${repeats} times in ${chances} picks`,
            better: `about ${Math.round(expected)} times: chance leads to ${low} to ${high}, and beyond them once in a billion runs`,
            cost: () =>
              'Several balancers that foretell alike fall into step, and all pick the same backend at the same moment.',
          });
        },
      };
    },
  };
}
