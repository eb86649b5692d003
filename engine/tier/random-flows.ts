/**
 * A backend drawn for each packet that opens a flow; nothing is known of any other packet. Only of use behind a table of connections.
 *
 * Cost: O(1), no memory.
 *
 * Fails when: it is asked about a flow that is open already.
 *
 * Source: the definition.
 */
import { takersOf } from '../core/flow.ts';
import type { FlowTable } from '../core/policy.ts';

export function randomFlows(): FlowTable {
  return {
    lookup(_flow, _opening, backends, ctx) {
      const takers = takersOf(backends);
      return takers.length === 0 ? undefined : takers[ctx.rng.int(takers.length)];
    },
  };
}
