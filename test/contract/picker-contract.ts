import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Picker } from '../../engine/core/policy.ts';
import { commands, obey } from './commands.ts';
import { countsOf, SmallPool } from './small-pool.ts';

export interface Promised {
  readonly make: () => Picker;
  /** Its name in the registry. Absent: the name of `make` with hyphens. */
  readonly of?: string;
  /** What share an idle pool's backends get: all the same, by weight, or by a rule of its own that its own test states. */
  readonly shares: 'equal' | 'by weight' | 'its own';
  /** Are the shares drawn, so that counts scatter, or dealt out, so that they are exact over whole cycles? */
  readonly by: 'drawing' | 'turns';
}

/** The pickers of the registry that something is promised of. */
export const promised = new Set<string>();

/** What every picker keeps to, whether it ships with the engine or a learner wrote it. */
export function keepsThePickerContract(name: string, { make, shares, by, of = hyphened(make.name) }: Promised): void {
  promised.add(of);
  describe(`${name} keeps the contract of pickers`, () => {
    test('it answers only eligible backends, through any sequence of adds, removes, drains and weight changes', () => {
      fc.assert(
        fc.property(fc.nat(), commands, (seed, sequence) => {
          const pool = new SmallPool(make(), seed, [1, 1, 1]);
          for (const command of sequence) {
            const eligible = command.do === 'send' ? pool.eligible : [];
            const pick = obey(pool, command);
            if (pick !== undefined && eligible.length > 0) expect(eligible).toContain(pick.picked);
          }
        }),
      );
    });

    test('the same calls with the same seed get the same answers', () => {
      fc.assert(
        fc.property(fc.nat(), commands, (seed, sequence) => {
          const [one, other] = [1, 2].map(() => {
            const pool = new SmallPool(make(), seed, [3, 1, 2]);
            return sequence.map((command) => obey(pool, command)?.picked?.id);
          });
          expect(one).toEqual(other);
        }),
      );
    });

    test('two pickers of one factory share nothing', () => {
      const alone = new SmallPool(make(), 5, [3, 1, 2]).sequence(50);
      const beside = new SmallPool(make(), 5, [3, 1, 2]);
      const other = new SmallPool(make(), 6, [2, 2, 1, 1]);
      const interleaved = Array.from({ length: 50 }, () => {
        other.sequence(1);
        return beside.sequence(1)[0];
      });
      expect(interleaved).toEqual(alone);
    });

    test('with one backend it answers that one', () => {
      expect(countsOf(new SmallPool(make(), 7, [4]).sequence(100))).toEqual({ b0: 100 });
    });

    if (shares === 'its own') return;
    test(`an idle pool gets its requests ${shares === 'equal' ? 'in equal parts' : 'by weight'}`, () => {
      const weights = [5, 1, 1, 3];
      const picks = 20_000;
      const parts = shares === 'equal' ? weights.map(() => 1) : weights;
      const total = parts.reduce((sum, part) => sum + part, 0);
      const counts = countsOf(new SmallPool(make(), 11, weights).sequence(picks));
      parts.forEach((part, i) => {
        // Turns: 20,000 is a whole number of cycles (of 4 and of 10), so counts are exact. Drawing: each count is binomial with standard
        // deviation sqrt(N p (1 - p)); 5 of them are exceeded with probability 6e-7, by any of 4 backends with less than 3e-6.
        const p = part / total;
        const tolerance = by === 'turns' ? 0 : 5 * Math.sqrt(picks * p * (1 - p));
        expect(Math.abs((counts[`b${i}`] ?? 0) - picks * p)).toBeLessThanOrEqual(tolerance);
      });
    });
  });
}

function hyphened(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
