import type { Request } from '../core/policy.ts';
import type { Configured } from './configured.ts';

/**
 * nginx's round robin, where its hash methods end when they find nobody: smooth weighted round robin among the members that are free, with currents
 * of its own, which only such requests move.
 */
export function nginxTurns(pool: Configured): {
  /** Called when `pool` got new members or weights. */
  reset(): void;
  /** Index of a member; -1 if none is free. */
  next(request: Request): number;
} {
  let currents = new Float64Array(0);
  return {
    reset() {
      currents = new Float64Array(pool.list.length);
    },
    next(request) {
      let best = -1;
      let total = 0;
      for (let i = 0; i < currents.length; i += 1) {
        if (!pool.isFree(i, request)) continue;
        const { weight } = pool.list[i]!;
        currents[i]! += weight;
        total += weight;
        if (best === -1 || currents[i]! > currents[best]!) best = i;
      }
      if (best !== -1) currents[best]! -= total;
      return best;
    },
  };
}
