import type { Backend } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check, SeenPick } from '../check.ts';
import { chanceBounds } from '../tolerance.ts';
import { Eligible } from './keys.ts';
import type { Key } from './keys.ts';

export interface Spread {
  readonly key: Key;
  /** Nobody owns more than so many times its share by weight. */
  readonly factor: number;
}

/** What one list of backends has shown. */
interface Known {
  readonly eligible: Eligible;
  readonly seen: Set<string>;
  readonly owned: Map<Backend, number>;
  last: SeenPick;
}

/**
 * The keys are spread over the backends by weight, however often each is asked for: a key counts once for each list of backends. Which keys turn up is chance, and
 * is allowed for (tolerance.ts).
 */
export function keysSpread({ key, factor }: Spread): Check {
  return {
    watch(_scenario, report) {
      const pools = new Map<string, Known>();
      const judge = ({ seen, owned, eligible: { weights }, last: { decision, atUs } }: Known): void => {
        const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
        const perWeight = ([backend, keys]: readonly [Backend, number]): number => keys / weights.get(backend)!;
        const [backend, keys] = [...owned].reduce((a, b) => (perWeight(b) > perWeight(a) ? b : a));
        const share = weights.get(backend)! / total;
        if (keys <= chanceBounds(seen.size, seen.size * Math.min(1, share * factor)).high) return;
        report(
          breachAt(
            { decision, atUs },
            {
              title: 'the keys are spread unevenly',
              chose: `${backend.id} owns ${keys} of ${seen.size} keys, ${(keys / (seen.size * share)).toFixed(1)} times its share`,
              better: `at most ${factor} times its share: more points on the ring even shares out`,
              backends: { chose: backend.id },
            },
          ),
        );
      };
      return {
        pick(seen) {
          const { pool, backends, request, chose } = seen;
          if (chose === undefined) return;
          let known = pools.get(pool);
          if (!known?.eligible.are(backends)) {
            if (known) judge(known);
            const eligible = new Eligible(backends);
            pools.set(pool, (known = { eligible, seen: new Set(), owned: new Map(), last: seen }));
          }
          known.last = seen;
          const name = key(request);
          if (known.seen.has(name)) return;
          known.seen.add(name);
          known.owned.set(chose, (known.owned.get(chose) ?? 0) + 1);
        },
        end() {
          for (const known of pools.values()) judge(known);
        },
      };
    },
  };
}
