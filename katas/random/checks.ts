import { breachAt, equalChance, neverDeclines, unpredictable } from 'ballast';
import type { Check } from 'ballast';

/** So many picks of two pools of three agree by luck less than once in 10^23 runs. */
const ENOUGH = 50;

/** Numbers that do not come from `ctx.rng` are the same in every pool, so two pools pick in step. Each has a stream of its own there. */
const poolsDiffer: Check = {
  watch(_scenario, report) {
    const picks = new Map<string, number[]>();
    return {
      pick(seen) {
        const { pool, backends, request, chose } = seen;
        const mine = picks.get(pool) ?? [];
        if (!picks.has(pool)) picks.set(pool, mine);
        if (chose === undefined || mine.length === ENOUGH) return;
        mine.push(backends.indexOf(chose));
        if (mine.length < ENOUGH) return;
        for (const [other, theirs] of picks) {
          if (other === pool || theirs.some((place, at) => place !== mine[at]) || theirs.length < ENOUGH) continue;
          report(
            breachAt(seen, {
              title: 'two pools pick in step',
              request: request.id,
              chose: `the same place of the list in pool ${pool} as in pool ${other}, ${ENOUGH} times`,
              better: 'numbers drawn from ctx.rng, which differ from pool to pool and from seed to seed',
              backends: { chose: chose.id },
            }),
          );
        }
      },
    };
  },
};

export const checks: readonly Check[] = [neverDeclines(), equalChance(), unpredictable(), poolsDiffer];
