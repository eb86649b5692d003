import type { Check } from '../check.ts';
import { costToClients } from '../cost.ts';
import { list } from '../words.ts';

/** Each request goes somewhere: whenever a backend is eligible, one is picked. */
export function neverDeclines(): Check {
  return {
    watch: (_scenario, report) => ({
      pick({ decision, atUs, request, backends, chose }) {
        if (chose !== undefined) return;
        const ids = backends.map((backend) => backend.id);
        report({
          title: 'Wrong answer: nothing was picked although a backend was eligible',
          decision,
          atUs,
          request: request.id,
          chose: 'nothing (undefined), so the client got a 503',
          better: ids.length === 1 ? `${ids[0]!}, the one that was eligible` : `one of ${list(ids, 'or')}`,
          backends: { better: ids[0]! },
          cost: costToClients,
        });
      },
    }),
  };
}
