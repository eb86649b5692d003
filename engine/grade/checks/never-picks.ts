import type { Backend } from '../../core/policy.ts';
import { breachAt } from '../breach.ts';
import type { Check, SeenPick } from '../check.ts';

/**
 * Backends of a sort are not picked while another is there: `neverPicks('full', (backend) => backend.full)`. With nobody else there, anything goes.
 * Exact.
 */
export function neverPicks(sort: string, is: (backend: Backend, seen: SeenPick) => boolean): Check {
  return {
    watch: (_scenario, report) => ({
      pick(seen) {
        const { chose, backends, request } = seen;
        if (chose === undefined || !is(chose, seen)) return;
        const better = backends.find((backend) => !is(backend, seen));
        if (better === undefined) return;
        report(
          breachAt(seen, {
            title: `a backend is picked that is ${sort}`,
            request: request.id,
            chose: `${chose.id}, which is ${sort}`,
            better: `${better.id}, which is not`,
            backends: { chose: chose.id, better: better.id },
          }),
        );
      },
    }),
  };
}
