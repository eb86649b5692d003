import type { Backend, Request } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check, SeenPick } from '../check.ts';
import { chanceBounds } from '../tolerance.ts';

export type Key = (request: Request) => string;

/** Who was eligible, and how heavy each was then: a backend tells its weight of now. */
export class Eligible {
  readonly weights: ReadonlyMap<Backend, number>;
  private readonly backends: readonly Backend[];

  constructor(backends: readonly Backend[]) {
    this.backends = backends.slice();
    this.weights = new Map(backends.map((backend) => [backend, backend.weight]));
  }

  /** Are they the same, in the same order and as heavy? */
  are(backends: readonly Backend[]): boolean {
    if (backends.length !== this.backends.length) return false;
    for (let at = 0; at < backends.length; at += 1) {
      const backend = backends[at]!;
      if (backend !== this.backends[at] || backend.weight !== this.weights.get(backend)) return false;
    }
    return true;
  }
}

/** A key goes to the same backend as long as nobody comes or goes. Exact. */
export function keyAffinity(key: Key): Check {
  return {
    watch(_scenario, report) {
      const pools = new Map<string, { eligible: Eligible; homes: Map<string, Backend> }>();
      return {
        pick(seen) {
          const { pool, backends, request, chose } = seen;
          if (chose === undefined) return;
          let known = pools.get(pool);
          if (!known?.eligible.are(backends))
            pools.set(pool, (known = { eligible: new Eligible(backends), homes: new Map() }));
          const name = key(request);
          const home = known.homes.get(name) ?? chose;
          known.homes.set(name, chose);
          if (home === chose) return;
          report(
            breachAt(seen, {
              title: 'a key changes its backend though nobody came or went',
              request: request.id,
              chose: `${chose.id} for the key "${name}"`,
              better: `${home.id}, where its last request went`,
              backends: { chose: chose.id, better: home.id },
            }),
          );
        },
      };
    },
  };
}

export interface Moves {
  readonly key: Key;
  /**
   * Of the keys whose backend stays, this share may move at one change: what the algorithm's own theory says, for example 0 for a ring when one leaves, and
   * 1 / n for who comes as the nth. Chance is added to it (tolerance.ts).
   */
  readonly share: number;
}

/** A change of the pool moves few keys whose backend is still there. Each key counts once for each change, when it is first seen after it. */
export function movedKeysAtMost({ key, share }: Moves): Check {
  return {
    watch(_scenario, report) {
      const pools = new Map<
        string,
        {
          eligible: Eligible;
          homes: Map<string, Backend>;
          before: Map<string, Backend>;
          stayed: number;
          moved: SeenPick[];
        }
      >();
      const judge = ({ stayed, moved }: { stayed: number; moved: SeenPick[] }): void => {
        const most = chanceBounds(stayed, stayed * share).high;
        const first = moved[0];
        if (first === undefined || moved.length <= most) return;
        report(
          breachAt(first, {
            title: 'a change of the pool moves too many keys',
            request: first.request.id,
            chose: `${moved.length} of ${stayed} keys moved whose backend was still there`,
            better: `at most ${most}`,
            backends: { chose: first.chose!.id },
          }),
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
            const [homes, before] = [new Map(known?.homes), new Map(known?.homes)];
            pools.set(pool, (known = { eligible, homes, before, stayed: 0, moved: [] }));
          }
          const name = key(request);
          known.homes.set(name, chose);
          const before = known.before.get(name);
          known.before.delete(name);
          if (before === undefined || !backends.includes(before)) return;
          known.stayed += 1;
          if (before !== chose) known.moved.push(seen);
        },
        end() {
          for (const known of pools.values()) judge(known);
        },
      };
    },
  };
}

/** Nobody gets a request that would have more than ceil(factor x mean) in flight, the request included, while another is below. Exact. */
export function loadBound(factor: number): Check {
  return {
    watch: (_scenario, report) => ({
      pick(seen) {
        const { backends, request, chose } = seen;
        if (chose === undefined) return;
        const total = backends.reduce((sum, { inFlight }) => sum + inFlight, 0);
        const bound = Math.ceil((factor * (total + 1)) / backends.length);
        if (chose.inFlight < bound) return;
        const better = backends.find(({ inFlight }) => inFlight < bound);
        if (better === undefined) return;
        report(
          breachAt(seen, {
            title: 'a backend gets more than its bound',
            request: request.id,
            chose: `${chose.id} with ${chose.inFlight} in flight already`,
            better: `${better.id} with ${better.inFlight}: the bound is ${bound}, for ${total + 1} requests on ${backends.length} backends`,
            backends: { chose: chose.id, better: better.id },
          }),
        );
      },
    }),
  };
}
